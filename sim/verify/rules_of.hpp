#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "learning_rules/rule_table.hpp"
#include "sim/model/model.hpp"

namespace apical {

// The tables of a model's rules. The model must outlive them.
RuleTable table_of(const Model& model, const BoundRule& bound);

// Nothing when no rule changes the set.
std::optional<RuleTable> rule_that_changes(const Model& model, SynapseSetId set);

// The rule of this name that changes exactly these sets, in whichever order. Throws
// Error{bad_model} naming what the model has instead; `who` begins the message, as in: implements =
// "rflo".
RuleTable require_rule(const Model& model, std::string_view rule,
                       const std::vector<SynapseSetId>& sets, std::string_view who);
// The only rule of this name, whatever it changes.
RuleTable require_rule(const Model& model, std::string_view rule, std::string_view who);
// The first rule of this name; nothing when there is none.
std::optional<RuleTable> find_rule(const Model& model, std::string_view rule);

// Where the model says which algorithm it implements.
Where where_implemented(const Model& model);

}  // namespace apical

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "learning_rules/learning_rule.hpp"
#include "sim/model/model.hpp"

namespace apical {

// A model's rules. The model must outlive what is returned.

// Null when no rule changes the set.
const BoundRule* rule_that_changes(const Model& model, SynapseSetId set);

// The rule of this name that changes exactly these sets, in whichever order. Throws
// Error{bad_model} naming what the model has instead; `who` begins the message, as in: implements =
// "rflo".
const BoundRule& require_rule(const Model& model, std::string_view rule,
                              const std::vector<SynapseSetId>& sets, std::string_view who);
// The only rule of this name, whatever it changes.
const BoundRule& require_rule(const Model& model, std::string_view rule, std::string_view who);
// The first rule of this name; null when there is none.
const BoundRule* find_rule(const Model& model, std::string_view rule);

// "W_rec, W_in, b"
std::string names_of(const Circuit& circuit, const std::vector<SynapseSetId>& sets);

// The place of the key "implements"; that of the file when there is none.
Where where_implemented(const Model& model);

}  // namespace apical

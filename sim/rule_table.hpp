#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/model.hpp"

namespace apical {

// A [plasticity.*] table of a loaded model: what is bound and what its keys say, with their
// defaults. A key that is asked for must be there. The model must outlive it.
class RuleTable {
public:
    RuleTable(const Model& model, const BoundRule& bound);
    // `plasticity` is the model's table of that name.
    RuleTable(const Table& plasticity, const BoundRule& bound);

    const BoundRule& bound() const { return *bound_; }
    const Where& where() const { return where_; }
    std::string signal(std::string_view quantity) const;  // "recurrent.A"
    bool has(std::string_view key) const { return table_->find(key) != nullptr; }
    Where where(std::string_view key) const;
    double number(std::string_view key) const;
    std::int64_t integer(std::string_view key) const;
    bool boolean(std::string_view key) const;
    Text text(std::string_view key) const;
    std::vector<Text> texts(std::string_view key) const;

private:
    const BoundRule* bound_;
    const Table* table_ = nullptr;
    Where where_;
};

// "W_rec, W_in, b"
std::string names_of(const Circuit& circuit, const std::vector<SynapseSetId>& sets);

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

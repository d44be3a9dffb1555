#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/text/keys.hpp"
#include "learning_rules/learning_rule.hpp"

namespace apical {

// A [plasticity.*] table: what is bound and what its keys say, with their
// defaults. A key that is asked for must be there. Both must outlive it.
class RuleTable {
public:
    // `plasticity` is the model's table of that name.
    RuleTable(const Table& plasticity, const BoundRule& bound);

    const BoundRule& bound() const { return *bound_; }
    const Where& where() const { return where_; }
    RuleQuantity signal(std::string_view quantity) const;  // "recurrent.A"
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

}  // namespace apical

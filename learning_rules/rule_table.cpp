#include "learning_rules/rule_table.hpp"

namespace apical {

std::string names_of(const Circuit& circuit, const std::vector<SynapseSetId>& sets) {
    std::vector<std::string> names;
    for (const SynapseSetId set : sets) names.push_back(circuit[set].name);
    return list_of(names);
}

RuleTable::RuleTable(const Table& plasticity, const BoundRule& bound) : bound_(&bound) {
    for (const Entry& entry : plasticity.entries) {
        if (entry.key != bound.label) continue;
        table_ = &std::get<Table>(entry.value.content);
        where_ = entry.where;
    }
}

RuleQuantity RuleTable::signal(std::string_view quantity) const {
    return {bound_->label, std::string(quantity)};
}

Where RuleTable::where(std::string_view key) const { return table_->find(key)->where; }

double RuleTable::number(std::string_view key) const {
    const auto& content = table_->find(key)->content;
    if (const auto* whole = std::get_if<std::int64_t>(&content)) return static_cast<double>(*whole);
    return std::get<double>(content);
}

std::int64_t RuleTable::integer(std::string_view key) const {
    return std::get<std::int64_t>(table_->find(key)->content);
}

bool RuleTable::boolean(std::string_view key) const {
    return std::get<bool>(table_->find(key)->content);
}

Text RuleTable::text(std::string_view key) const {
    const Value& value = *table_->find(key);
    return {std::get<std::string>(value.content), value.where};
}

std::vector<Text> RuleTable::texts(std::string_view key) const {
    std::vector<Text> all;
    for (const Value& one : std::get<Array>(table_->find(key)->content))
        all.push_back({std::get<std::string>(one.content), one.where});
    return all;
}

}  // namespace apical

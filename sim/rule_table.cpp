#include "sim/rule_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace apical {

namespace {

bool same_sets(std::vector<SynapseSetId> a, std::vector<SynapseSetId> b) {
    const auto before = [](SynapseSetId one, SynapseSetId other) {
        return one.value < other.value;
    };
    std::sort(a.begin(), a.end(), before);
    std::sort(b.begin(), b.end(), before);
    return a == b;
}

}  // namespace

std::string names_of(const Circuit& circuit, const std::vector<SynapseSetId>& sets) {
    std::vector<std::string> names;
    for (const SynapseSetId set : sets) names.push_back(circuit[set].name);
    return list_of(names);
}

RuleTable::RuleTable(const Model& model, const BoundRule& bound)
    : RuleTable(std::get<Table>(model.root.find("plasticity")->content), bound) {}

RuleTable::RuleTable(const Table& plasticity, const BoundRule& bound) : bound_(&bound) {
    for (const Entry& entry : plasticity.entries) {
        if (entry.key != bound.label) continue;
        table_ = &std::get<Table>(entry.value.content);
        where_ = entry.where;
    }
}

std::string RuleTable::signal(std::string_view quantity) const {
    return fmt::format("{}.{}", bound_->label, quantity);
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

std::optional<RuleTable> rule_that_changes(const Model& model, SynapseSetId set) {
    for (const BoundRule& bound : model.rules) {
        const auto& sets = bound.synapses;
        if (std::find(sets.begin(), sets.end(), set) != sets.end()) return RuleTable(model, bound);
    }
    return std::nullopt;
}

std::optional<RuleTable> find_rule(const Model& model, std::string_view rule) {
    for (const BoundRule& bound : model.rules) {
        if (bound.rule->name == rule) return RuleTable(model, bound);
    }
    return std::nullopt;
}

RuleTable require_rule(const Model& model, std::string_view rule, std::string_view who) {
    std::vector<std::string> found;
    std::vector<const BoundRule*> such;
    for (const BoundRule& bound : model.rules) {
        found.emplace_back(bound.rule->name);
        if (bound.rule->name == rule) such.push_back(&bound);
    }
    if (such.size() == 1) return {model, *such.front()};
    if (such.empty()) {
        reject(where_implemented(model),
               fmt::format("{} needs the rule \"{}\"; the model's rules are {}", who, rule,
                           found.empty() ? "none" : list_of(found)));
    }
    reject(RuleTable(model, *such.back()).where(),
           fmt::format("{} needs the rule \"{}\" once; [plasticity.{}] and [plasticity.{}] have it",
                       who, rule, such.front()->label, such.back()->label));
}

RuleTable require_rule(const Model& model, std::string_view rule,
                       const std::vector<SynapseSetId>& sets, std::string_view who) {
    const RuleTable found = require_rule(model, rule, who);
    if (same_sets(found.bound().synapses, sets)) return found;
    reject(found.where(),
           fmt::format("{} needs the rule \"{}\" to change {}; [plasticity.{}] changes {}", who,
                       rule, names_of(model.circuit, sets), found.bound().label,
                       names_of(model.circuit, found.bound().synapses)));
}

Where where_implemented(const Model& model) {
    const Value* value = model.root.find("implements");
    return value ? value->where : Where{model.path, 1, 1};
}

}  // namespace apical

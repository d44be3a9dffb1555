#include "sim/verify/rules_of.hpp"

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

const BoundRule* rule_that_changes(const Model& model, SynapseSetId set) {
    for (const BoundRule& bound : model.rules) {
        if (bound.changes(set)) return &bound;
    }
    return nullptr;
}

const BoundRule* find_rule(const Model& model, std::string_view rule) {
    for (const BoundRule& bound : model.rules) {
        if (bound.rule->name == rule) return &bound;
    }
    return nullptr;
}

const BoundRule& require_rule(const Model& model, std::string_view rule, std::string_view who) {
    std::vector<std::string> found;
    std::vector<const BoundRule*> such;
    for (const BoundRule& bound : model.rules) {
        found.emplace_back(bound.rule->name);
        if (bound.rule->name == rule) such.push_back(&bound);
    }
    if (such.size() == 1) return *such.front();
    if (such.empty()) {
        reject(where_implemented(model),
               fmt::format("{} needs the rule \"{}\"; the model's rules are {}", who, rule,
                           found.empty() ? "none" : list_of(found)));
    }
    reject(such.back()->where,
           fmt::format("{} needs the rule \"{}\" once; [plasticity.{}] and [plasticity.{}] have it",
                       who, rule, such.front()->label, such.back()->label));
}

const BoundRule& require_rule(const Model& model, std::string_view rule,
                              const std::vector<SynapseSetId>& sets, std::string_view who) {
    const BoundRule& found = require_rule(model, rule, who);
    if (same_sets(found.synapses, sets)) return found;
    reject(found.where,
           fmt::format("{} needs the rule \"{}\" to change {}; [plasticity.{}] changes {}", who,
                       rule, names_of(model.circuit, sets), found.label,
                       names_of(model.circuit, found.synapses)));
}

Where where_implemented(const Model& model) {
    const Value* value = model.root.find("implements");
    return value ? value->where : Where{model.path, 1, 1};
}

}  // namespace apical

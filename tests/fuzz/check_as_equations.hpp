#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "learning_rules/lowering/lower.hpp"
#include "tests/fuzz/parse_as_equations.hpp"

namespace apical {

// Statements as those of a rule, or inside cells, which declares what they have of some names.
inline TextRule declaring(const std::vector<Statement>& equations, bool of_cells) {
    TextRule rule;
    rule.name = "mine";
    rule.equations = equations;
    rule.of_cells = of_cells;
    const auto has = [&](std::string_view name) {
        return std::any_of(equations.begin(), equations.end(), [&](const Statement& one) {
            return one.target == name || find_name(one.right, name);
        });
    };
    for (const char* name : {"rate", "decay", "tau_ms", "smallest", "largest"})
        if (has(name)) rule.parameters.push_back({.name = name, .default_value = 0.5});
    const auto state = [&](const char* name, Place at) {
        if (has(name)) rule.state.push_back({.name = name, .at = of_cells ? Place::post : at});
    };
    state("mean", Place::post);
    state("theta", Place::post);
    state("trace", Place::pre);
    state("tag", Place::synapse);
    if (has("usual")) rule.state.push_back({.name = "usual", .at = Place::all});
    if (of_cells) return rule;
    if (has("P")) rule.state.push_back({.name = "P", .at = Place::pairs_of_pre});
    for (const char* name : {"credit", "error"})
        if (has(name)) rule.signals.push_back({.name = name});
    return rule;
}

// Whether the text is the equations of a rule, or those inside cells. Throws what
// `parse_as_equations` throws.
inline bool check_as_equations(std::string_view text, bool of_cells) {
    parse_as_equations(text);
    try {
        const Targets targets = of_cells ? Targets::with_points : Targets::names;
        const Value equations = value_of(std::string(text));
        check_equations(declaring(parse_equations(equations, {}, targets), of_cells));
        return true;
    } catch (const Error&) {
        return false;
    }
}

}  // namespace apical

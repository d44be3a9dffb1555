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

// Whether statements are the equations of a rule, or those inside cells.
inline bool check_as_equations(const std::vector<Statement>& equations, bool of_cells) {
    try {
        check_equations(declaring(equations, of_cells));
        return true;
    } catch (const Error&) {
        return false;
    }
}

// Whether the text is the equations of a rule, or those inside cells. Throws what
// `parse_as_equations` throws.
inline bool check_as_equations(std::string_view text, bool of_cells) {
    const auto equations =
        parse_as_equations(text, of_cells ? Targets::with_points : Targets::names);
    return equations && check_as_equations(*equations, of_cells);
}

// Whether a line of the text begins with a name that has a point: what the two kinds of equations
// tell apart.
inline bool assigns_to_points(std::string_view text) {
    constexpr std::string_view of_names =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
    while (true) {
        const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
        text.remove_prefix(begin);
        const std::string_view first = text.substr(0, text.find_first_not_of(of_names));
        if (first.find('.') != first.npos) return true;
        const std::size_t end = text.find('\n');
        if (end == text.npos) return false;
        text.remove_prefix(end);
    }
}

// The text as both kinds, parsed once where they are the same statements. Throws what
// `parse_as_equations` throws.
inline void check_as_all_equations(std::string_view text) {
    const auto of_cells = parse_as_equations(text, Targets::with_points);
    if (of_cells) check_as_equations(*of_cells, true);
    const auto of_rule = assigns_to_points(text) ? parse_as_equations(text) : of_cells;
    if (of_rule) check_as_equations(*of_rule, false);
}

}  // namespace apical

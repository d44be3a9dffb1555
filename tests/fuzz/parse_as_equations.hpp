#pragma once

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/equations/parse.hpp"

namespace apical {

// Throws logic_error when the tree is written as a text that parses to another one.
inline void check_written(const Expression& tree) {
    std::string written = to_text(tree);
    // Lines have a limit and brackets go on over lines, but one may be one too many.
    const bool is_long = written.size() > static_cast<std::size_t>(longest_line);
    if (is_long) std::replace(written.begin(), written.end(), ' ', '\n');
    if (is_long) written = "(" + written + ")";
    bool is_same = is_long;
    try {
        is_same = parse_expression(value_of(written)) == tree;
    } catch (const Error&) {
    }
    if (!is_same) throw std::logic_error("written otherwise: " + written);
}

// What a text comes to when it is taken for equations: statements, or nothing after an Error.
// Throws logic_error when a tree is written as a text that parses to another one.
inline std::optional<std::vector<Statement>> parse_as_equations(std::string_view text,
                                                                Targets targets = Targets::names) {
    try {
        std::vector<Statement> all = parse_equations(value_of(std::string(text)), {}, targets);
        for (const Statement& statement : all) check_written(statement.right);
        return all;
    } catch (const Error&) {
        return std::nullopt;
    }
}

}  // namespace apical

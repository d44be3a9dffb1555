#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

#include "circuits/equations/parse.hpp"

namespace apical {

// What a text comes to when it is taken for equations: statements, or an Error. Throws
// logic_error when a tree is written as a text that parses to another one.
inline void parse_as_equations(std::string_view text) {
    try {
        for (const Statement& statement : parse_equations(value_of(std::string(text)))) {
            std::string written = to_text(statement.right);
            // Lines have a limit and brackets go on over lines, but one may be one too many.
            const bool is_long = written.size() > static_cast<std::size_t>(longest_line);
            if (is_long) std::replace(written.begin(), written.end(), ' ', '\n');
            if (is_long) written = "(" + written + ")";
            bool is_same = is_long;
            try {
                is_same = parse_expression(value_of(written)) == statement.right;
            } catch (const Error&) {
            }
            if (!is_same) throw std::logic_error("written otherwise: " + written);
        }
    } catch (const Error&) {
    }
}

}  // namespace apical

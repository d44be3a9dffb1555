#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "circuits/text/error.hpp"

namespace apical {

// What is looked at in a TOML text before toml++ parses it.

// toml++ 3.3 descends the stack once for each part of a dotted key and each bracket.
inline constexpr int deepest_nesting = 64;

// Throws Error{bad_model} for a text that would make the parser descend too deep.
void check_nesting(std::string_view text, const std::string& source);

// The place where a character beyond ASCII counts, npos when none does. TOML has none there, and
// toml++ 3.3 none behind a backslash either: both are undefined behaviour in it (its issues 190 and
// 295).
std::size_t find_beyond_ascii(std::string_view text);

// The place of an offset. Columns count characters, of one byte or several.
Where where_at(std::string_view text, std::size_t offset, const std::string& source);

}  // namespace apical

#pragma once

namespace apical {

// Limits of hostile text; what is beyond one is a mistake where it begins.
inline constexpr int longest_line = 400;       // characters
inline constexpr int deepest_expression = 64;  // of brackets, signs and powers within each other
inline constexpr int most_statements = 64;     // of a rule
inline constexpr int most_parts = 256;         // of a statement: numbers, names, calls, operators

}  // namespace apical

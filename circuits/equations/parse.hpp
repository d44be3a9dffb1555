#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "circuits/equations/limits.hpp"
#include "circuits/equations/syntax.hpp"
#include "circuits/text/value.hpp"

namespace apical {

// What statements may assign: names, or also what a point leads to, as "soma.v".
enum class Targets : std::uint8_t { names, with_points };

// The statements of a text of one statement a line, or of a list of texts, in order. A statement
// goes on over lines within brackets; '#' begins a comment.
//
//   statement = name ( "=" | "+=" | "-=" ) sum | "d" name "/" "dt" "=" sum
//   sum       = product { ( "+" | "-" ) product }     product = sign { ( "*" | "/" ) sign }
//   sign      = "-" sign | power                      power   = atom [ "^" sign ]
//   atom      = number | name { "." name } | call | "(" sum ")"
//   call      = function "(" sum { "," sum } ")"
//
// Columns count characters from the start of the line in the file. A text with escapes, or of the
// command line, has no columns: all its parts are where the value is, and a mistake quotes the
// line. `who` begins the sentence of each mistake, as in "rule \"mine\": ". Throws Rejected with
// all mistakes, one a statement.
std::vector<Statement> parse_equations(const Value& equations, std::string_view who = {},
                                       Targets targets = Targets::names);

// A text of one expression, as of an activation. Throws as `parse_equations`.
Expression parse_expression(const Value& text, std::string_view who = {});

}  // namespace apical

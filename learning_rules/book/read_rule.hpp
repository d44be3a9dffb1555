#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "learning_rules/text_rule.hpp"

namespace apical {

inline constexpr std::size_t most_declared = 32;  // parameters, signals or states of a rule

// The rule of one [rule.NAME] table, checked as far as it can be before it is bound. Throws
// Rejected with all mistakes, each at its place.
TextRule read_rule(Entry& entry);

// Equations inside cells, as a rule of cells: a table with the keys "summary", "parameters",
// "state" and "equations" of a rule, whose states are at "post", the cells, or "all". Throws
// as `read_rule`.
TextRule read_text_of_cells(Entry& entry);

// The rules of a text that comes with Apical and has [rule.*] tables. Throws as `read_rule`.
std::vector<TextRule> read_rule_text(std::string_view text, const std::string& source);

// The mistakes of a rule file outside its rules: it may have the key "format", [rule.*],
// [dynamics.*] and [activation.*] alone, and has one of these.
std::vector<Mistake> mistakes_in_rule_file(const Table& root, const std::string& source);

}  // namespace apical

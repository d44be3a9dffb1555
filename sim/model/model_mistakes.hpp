#pragma once

#include "circuits/text/value.hpp"
#include "learning_rules/book/rule_book.hpp"

namespace apical {

// The mistakes in the tables of a model file, each looked at by itself: keys that are unknown,
// missing or have values that do not fit, and texts that name nothing in the file. No mistake
// follows from another one: names are held against what the file declares, whether or not that is
// right itself, and not where a declaration is unclear. What only the whole circuit shows (sizes,
// rules that cannot follow, what is recorded) is found when it is made (sim/model/model.cpp).
std::vector<Mistake> mistakes_of(Table root, const std::string& path, const RuleBook& book);

}  // namespace apical

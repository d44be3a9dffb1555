#pragma once

#include <string>

#include "learning_rules/lowering/part.hpp"

namespace apical {

// Says that no operation can do a statement, and why: which limit it passes. Throws Rejected at the
// statement's place.
[[noreturn]] void reject_beyond_words(const TextRule& rule, const Statement& statement,
                                      const std::string& why);

// Says that the constants of a statement, multiplied out, come to no finite number. Throws
// Rejected.
[[noreturn]] void reject_overflow(const TextRule& rule, const Statement& statement);

// Why the right side of a d/dt cannot be multiplied out.
std::string why_no_terms(const Part& part, const std::string& target);

// A part as it stands in the text, or as it was made of it.
std::string to_text(const Part& part);

}  // namespace apical

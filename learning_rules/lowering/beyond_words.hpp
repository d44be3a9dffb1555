#pragma once

#include <string>

#include "learning_rules/lowering/part.hpp"

namespace apical {

// Says that a statement comes to none of the words of ProgramBuilder, and which part of it none of
// them can say, in the words of the text: what a more general operation would take. Throws
// Rejected at the statement's place.
[[noreturn]] void reject_beyond_words(const TextRule& rule, const Statement& statement,
                                      const std::string& why);

// Says that the constants of a statement, multiplied out, come to no finite number. Throws Rejected
// likewise.
[[noreturn]] void reject_overflow(const TextRule& rule, const Statement& statement);

// Why no word says a part in cells, as a whole.
std::string why_no_word_says(const Part& part);

// A part as it stands in the text, or as it was made of it.
std::string to_text(const Part& part);

}  // namespace apical

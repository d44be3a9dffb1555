#include "learning_rules/lowering/beyond_words.hpp"

#include <fmt/format.h>

#include "learning_rules/lowering/terms.hpp"

namespace apical {

namespace {

// The part as an expression, with its numbers and the texts that it is made of.
Expression expression_of(const Part& part) {
    if (part.text && part.symbol != Symbol::number) return *part.text;
    Expression made{.symbol = part.symbol, .number = part.number, .name = part.function};
    for (const Part& one : part.of) made.of.push_back(expression_of(one));
    return made;
}

}  // namespace

std::string to_text(const Part& part) { return shortened(to_text(expression_of(part))); }

std::string why_no_terms(const Part& part, const std::string& target) {
    return fmt::format(
        "\"{}\" has more than {} terms or {} factors, multiplied out for the exact "
        "step of d{}/dt",
        to_text(part), most_terms, most_factors, target);
}

void reject_beyond_words(const TextRule& rule, const Statement& statement, const std::string& why) {
    reject(statement.where, fmt::format("rule \"{}\": no operation can do \"{}\": {}", rule.name,
                                        shortened(statement.text), why));
}

void reject_overflow(const TextRule& rule, const Statement& statement) {
    reject(statement.where,
           fmt::format("rule \"{}\": the constants of \"{}\" come to no finite number", rule.name,
                       shortened(statement.text)));
}

}  // namespace apical

#include "learning_rules/lowering/beyond_words.hpp"

#include <fmt/format.h>

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

std::string why_no_word_says(const Part& part) {
    const std::string text = to_text(part);
    if (part.place == Place::all) return fmt::format("\"{}\" is one number for all", text);
    switch (part.symbol) {
        case Symbol::number:
            return fmt::format("\"{}\" is a constant, the same in all cells", text);
        case Symbol::call:
            if (part.function == "slope")
                return fmt::format("\"{}\" is no slope at the voltage of a compartment", text);
            return fmt::format("no operation has the function \"{}\"", part.function);
        case Symbol::divide:
            return fmt::format("\"{}\" divides by what is no constant", text);
        case Symbol::power:
            return fmt::format("\"{}\" is no product", text);
        case Symbol::name:
        case Symbol::negative:
        case Symbol::add:
        case Symbol::subtract:
        case Symbol::multiply:
            break;
    }
    return fmt::format("\"{}\" adds a constant to what is in cells", text);
}

void reject_beyond_words(const TextRule& rule, const Statement& statement, const std::string& why) {
    reject(statement.where, fmt::format("rule \"{}\": no operation can do \"{}\" yet: {}",
                                        rule.name, shortened(statement.text), why));
}

void reject_overflow(const TextRule& rule, const Statement& statement) {
    reject(statement.where,
           fmt::format("rule \"{}\": the constants of \"{}\" come to no finite number", rule.name,
                       shortened(statement.text)));
}

}  // namespace apical

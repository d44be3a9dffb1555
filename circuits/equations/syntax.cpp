#include "circuits/equations/syntax.hpp"

#include <fmt/format.h>

#include <cmath>

namespace apical {

namespace {

// How closely an expression holds together: the rank of the rule of the grammar that makes it.
enum Rank : int { rank_of_sum = 1, rank_of_product, rank_of_sign, rank_of_power, rank_of_atom };

Rank rank_of(const Expression& expression) {
    switch (expression.symbol) {
        case Symbol::add:
        case Symbol::subtract:
            return rank_of_sum;
        case Symbol::multiply:
        case Symbol::divide:
            return rank_of_product;
        case Symbol::negative:
            return rank_of_sign;
        case Symbol::power:
            return rank_of_power;
        case Symbol::number:
            return std::signbit(expression.number) ? rank_of_sign : rank_of_atom;
        case Symbol::name:
        case Symbol::call:
            break;
    }
    return rank_of_atom;
}

std::string_view text_between(Symbol symbol) {
    switch (symbol) {
        case Symbol::add:
            return " + ";
        case Symbol::subtract:
            return " - ";
        case Symbol::multiply:
            return " * ";
        case Symbol::divide:
            return " / ";
        case Symbol::power:
            return "^";
        case Symbol::number:
        case Symbol::name:
        case Symbol::call:
        case Symbol::negative:
            break;
    }
    return "";
}

// Appends the expression, in brackets when it holds together less than is needed there.
void append(std::string& text, const Expression& expression, int least) {
    const Rank rank = rank_of(expression);
    const bool in_brackets = rank < least;
    if (in_brackets) text += '(';
    switch (expression.symbol) {
        case Symbol::number:
            text += fmt::format("{}", expression.number);
            break;
        case Symbol::name:
            text += expression.name;
            break;
        case Symbol::call:
            text += expression.name + "(";
            for (std::size_t i = 0; i < expression.of.size(); ++i) {
                if (i > 0) text += ", ";
                append(text, expression.of[i], rank_of_sum);
            }
            text += ')';
            break;
        case Symbol::negative:
            text += '-';
            append(text, expression.of[0], rank_of_sign);
            break;
        case Symbol::add:
        case Symbol::subtract:
        case Symbol::multiply:
        case Symbol::divide:
            append(text, expression.of[0], rank);
            text += text_between(expression.symbol);
            append(text, expression.of[1], rank + 1);
            break;
        case Symbol::power:
            append(text, expression.of[0], rank_of_atom);
            text += text_between(expression.symbol);
            append(text, expression.of[1], rank_of_sign);
            break;
    }
    if (in_brackets) text += ')';
}

}  // namespace

bool operator==(const Expression& a, const Expression& b) {
    return a.symbol == b.symbol && a.number == b.number && a.name == b.name && a.of == b.of;
}

const Where& begin_of(const Expression& expression) {
    const bool has_two = expression.of.size() == 2 && expression.symbol != Symbol::call;
    return has_two ? begin_of(expression.of.front()) : expression.where;
}

const Expression* find_name(const Expression& expression, std::string_view name) {
    if (expression.symbol == Symbol::name) return expression.name == name ? &expression : nullptr;
    for (const Expression& part : expression.of) {
        if (const Expression* found = find_name(part, name)) return found;
    }
    return nullptr;
}

std::string to_text(const Expression& expression) {
    std::string text;
    append(text, expression, rank_of_sum);
    return text;
}

std::string line_of(const Statement& statement) {
    const std::string line =
        statement.where.line > 0 ? fmt::format("line {}: ", statement.where.line) : "";
    return fmt::format("{}\"{}\"", line, shortened(statement.text));
}

std::string with_character(std::string sentence, const Where& where, const Statement& statement) {
    const int first = statement.where.column;
    const bool is_option = where.line == 0 && first > 0 && where.column >= first;
    const bool has_ended = sentence.ends_with('?') || sentence.ends_with('.');
    if (!statement.has_columns)
        return sentence +
               fmt::format("{} \"{}\"", has_ended ? " In" : "; in", shortened(statement.text));
    if (!is_option) return sentence;
    return sentence + fmt::format("{} character {} of \"{}\"", has_ended ? " At" : "; at",
                                  where.column - first + 1, shortened(statement.text));
}

}  // namespace apical

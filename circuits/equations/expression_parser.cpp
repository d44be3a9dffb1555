#include "circuits/equations/expression_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "circuits/equations/limits.hpp"
#include "circuits/text/text.hpp"

namespace apical {

namespace {

constexpr const char* an_operand = "a number, a name, \"-\" or \"(\"";

// The line of a text, from 0 on.
std::string_view line_of(std::string_view text, int line) {
    for (; line > 0; --line) text.remove_prefix(text.find('\n') + 1);
    return text.substr(0, text.find('\n'));
}

}  // namespace

Where EquationText::where(const Token& token) const {
    const TextStart& start = value.start;
    const bool is_option = value.where.line == 0;
    if (is_option && token.line == 0) return {value.where.source, 0, token.column + 1};
    if (start.line == 0 || is_option) return value.where;
    const int column = token.line == 0 ? start.column + token.column : 1 + token.column;
    return {value.where.source, start.line + token.line, column};
}

bool EquationText::has_columns(const Token& token) const {
    return value.where.line == 0 ? token.line == 0 : value.start.line != 0;
}

void EquationText::reject_at(const Token& token, const std::string& sentence) const {
    std::string told = std::string(who) + sentence;
    if (value.start.line == 0 || value.where.line == 0)
        told += fmt::format("; at character {} of \"{}\"", token.column + 1,
                            shortened(line_of(text(), token.line)));
    reject(where(token), told);
}

const Token& ExpressionParser::ahead(std::size_t count) const {
    return tokens_[std::min(at_ + count, tokens_.size() - 1)];
}

Token ExpressionParser::take() {
    const Token token = next();
    at_ = std::min(at_ + 1, tokens_.size() - 1);
    return token;
}

bool ExpressionParser::take_if(std::string_view symbol) {
    const bool is_next = next().is(symbol);
    if (is_next) take();
    return is_next;
}

void ExpressionParser::reject_next(const std::string& expected) const {
    const Token& found = next();
    if (found.ends_line()) {
        if (!open_.empty())
            reject_at(open_.back(), "found a \"(\" that is not closed; expected \")\"");
        reject_at(found, fmt::format("found the end of the statement; expected {}", expected));
    }
    const bool is_unknown = found.kind == Token::Kind::unknown;
    const std::string instead = is_unknown ? expected_for(found) : "";
    reject_at(found, fmt::format("found {}; expected {}", found_token(found),
                                 instead.empty() ? expected : instead));
}

Expression ExpressionParser::whole() {
    Expression expression = sum();
    if (!next().ends_line()) reject_behind_end();
    return expression;
}

void ExpressionParser::reject_behind_end() const {
    const Token& found = next();
    if (found.is(")")) reject_at(found, "found a \")\" without its \"(\"; expected an operator");
    if (found.is("=") || found.is("+=") || found.is("-="))
        reject_at(found, fmt::format("found a second assignment \"{}\"; expected one statement a "
                                     "line, and brackets where one goes on over lines",
                                     found.text));
    if (found.is(",")) reject_next("an operator; a comma stands between arguments alone");
    const bool is_dot = found.kind == Token::Kind::unknown && found.text == ".";
    if (is_dot) reject_next("a name without spaces, as in pre.r");
    if (found.kind == Token::Kind::unknown) reject_next("an operator");
    reject_at(found, fmt::format("found {} behind the end of the expression; expected an operator",
                                 found_token(found)));
}

template <class Descend>
Expression ExpressionParser::deeper(const Token& token, Descend descend) {
    if (depth_ == deepest_expression)
        reject_at(token, fmt::format("brackets, signs and powers more than {} deep; expected "
                                     "statements that make its parts",
                                     deepest_expression));
    ++depth_;
    Expression expression = descend();
    --depth_;
    return expression;
}

Expression ExpressionParser::part(Symbol symbol, const Token& token) {
    if (parts_ == most_parts)
        reject_at(token, fmt::format("more than {} numbers, names, calls and operators; expected "
                                     "several statements",
                                     most_parts));
    ++parts_;
    Expression expression;
    expression.symbol = symbol;
    expression.where = text_.where(token);
    return expression;
}

Expression ExpressionParser::arithmetic(Symbol symbol, const Token& sign, Expression left,
                                        Expression right) {
    Expression expression = part(symbol, sign);
    expression.of.reserve(2);
    expression.of.push_back(std::move(left));
    expression.of.push_back(std::move(right));
    return expression;
}

Expression ExpressionParser::sum() {
    Expression left = product();
    while (next().is("+") || next().is("-")) {
        const Token sign = take();
        const Symbol symbol = sign.is("+") ? Symbol::add : Symbol::subtract;
        left = arithmetic(symbol, sign, std::move(left), product());
    }
    return left;
}

Expression ExpressionParser::product() {
    Expression left = sign();
    while (next().is("*") || next().is("/")) {
        const Token between = take();
        const Symbol symbol = between.is("*") ? Symbol::multiply : Symbol::divide;
        left = arithmetic(symbol, between, std::move(left), sign());
    }
    return left;
}

Expression ExpressionParser::sign() {
    if (!next().is("-")) return power();
    const Token minus = take();
    Expression negative = part(Symbol::negative, minus);
    negative.of.push_back(deeper(minus, [this] { return sign(); }));
    return negative;
}

Expression ExpressionParser::power() {
    Expression base = atom();
    if (!next().is("^")) return base;
    const Token between = take();
    Expression exponent = deeper(between, [this] { return sign(); });
    return arithmetic(Symbol::power, between, std::move(base), std::move(exponent));
}

Expression ExpressionParser::atom() {
    if (next().is("(")) return in_brackets();
    if (next().kind == Token::Kind::number) {
        const Token token = take();
        Expression number = part(Symbol::number, token);
        const std::string wrong = read_number(token.text, number.number);
        if (!wrong.empty()) reject_at(token, wrong);
        return number;
    }
    if (next().kind != Token::Kind::name)
        reject_next(next().is("+") ? "a number, a name, \"-\" or \"(\"; a sign \"+\" is left out"
                                   : an_operand);
    const Token token = take();
    if (next().is("(") && token.text.find('.') == token.text.npos) return call(token);
    Expression name = part(Symbol::name, token);
    name.name = token.text;
    return name;
}

Expression ExpressionParser::in_brackets() {
    const Token opening = take();
    open_.push_back(opening);
    Expression inner = deeper(opening, [this] { return sum(); });
    if (next().is(",")) reject_next("an operator or \")\"; a comma stands between arguments alone");
    close("an operator or \")\"");
    return inner;
}

Expression ExpressionParser::call(const Token& name) {
    Expression function = part(Symbol::call, name);
    function.name = name.text;
    const Token opening = take();
    open_.push_back(opening);
    do {
        function.of.push_back(deeper(opening, [this] { return sum(); }));
        if (function.name == "select" && function.of.size() == 1) reject_comparison(function.of[0]);
    } while (take_if(","));
    close("an operator, \",\" or \")\"");
    return function;
}

// Tells "a > b" as the condition of a select, which is a difference.
void ExpressionParser::reject_comparison(const Expression& left) {
    const Token found = next();
    const bool is_less = found.text == "<";
    if (!is_less && found.text != ">") return;
    take();
    take_if("=");
    const Expression right = sum();
    const Expression above =
        arithmetic(Symbol::subtract, found, is_less ? right : left, is_less ? left : right);
    reject_at(found, fmt::format("found {}; expected \"{}\": select takes its second value where "
                                 "the first is above 0",
                                 found_token(found), shortened(to_text(above))));
}

void ExpressionParser::close(const std::string& expected) {
    if (!take_if(")")) reject_next(expected);
    open_.pop_back();
}

}  // namespace apical

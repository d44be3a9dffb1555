#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/equations/syntax.hpp"
#include "circuits/equations/tokens.hpp"
#include "circuits/text/value.hpp"

namespace apical {

// A text of equations, and how a mistake in it is told.
struct EquationText {
    const Value& value;    // a text
    std::string_view who;  // what each sentence begins with

    std::string_view text() const { return std::get<std::string>(value.content); }
    Where where(const Token& token) const;
    // Whether `where` tells the tokens of its line apart.
    bool has_columns(const Token& token) const;
    // Throws Rejected; in a text whose characters have no places the sentence quotes the line.
    [[noreturn]] void reject_at(const Token& token, const std::string& sentence) const;
};

// Descends along the grammar (circuits/equations/parse.hpp) through the tokens of one statement, of
// which the last one ends it. Each descent is counted, so that no text takes more of the stack than
// `deepest_expression` allows; operators of one rank are a loop.
class ExpressionParser {
public:
    ExpressionParser(const EquationText& text, std::span<const Token> tokens)
        : text_(text), tokens_(tokens) {}

    // What is left, as an expression up to the end.
    Expression whole();

    const Token& next() const { return ahead(0); }
    const Token& ahead(std::size_t count) const;
    Token take();
    // Whether the next token is that symbol, which is then taken.
    bool take_if(std::string_view symbol);
    // Throws Rejected that says what was found and what is expected.
    [[noreturn]] void reject_next(const std::string& expected) const;
    [[noreturn]] void reject_at(const Token& token, const std::string& sentence) const {
        text_.reject_at(token, sentence);
    }

private:
    Expression sum();
    Expression product();
    Expression sign();
    Expression power();
    Expression atom();
    Expression in_brackets();
    Expression call(const Token& name);
    void reject_comparison(const Expression& left);
    void close(const std::string& expected);
    Expression part(Symbol symbol, const Token& token);
    Expression arithmetic(Symbol symbol, const Token& sign, Expression left, Expression right);
    [[noreturn]] void reject_behind_end() const;
    template <class Descend>
    Expression deeper(const Token& token, Descend descend);

    const EquationText& text_;
    std::span<const Token> tokens_;
    std::size_t at_ = 0;
    int depth_ = 0, parts_ = 0;
    std::vector<Token> open_;  // brackets
};

}  // namespace apical

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/text/error.hpp"

namespace apical {

// What an equation is written with. Arithmetic has its two operands (`negative` one) in `of`, a
// call its arguments.
enum class Symbol : std::uint8_t {
    number,
    name,  // "pre.r", "rate"
    call,  // "clip(x, 0, 1)"
    negative,
    add,
    subtract,
    multiply,
    divide,
    power,
};

// A part of an equation as a tree, exactly as it is written: nothing is folded, reordered or
// resolved. `where` is of its first character; of arithmetic with two operands, of its operator. In
// a text of the command line it has no line, and the column counts from the text's beginning.
struct Expression {
    Symbol symbol = Symbol::number;
    double number = 0.0;              // of a number
    std::string name = {};            // of a name or a call
    std::vector<Expression> of = {};  // operands, in the order in which they are written
    Where where = {};
};

// Whether they are the same tree, wherever they stand.
bool operator==(const Expression& a, const Expression& b);

// The place of the expression's first character.
const Where& begin_of(const Expression& expression);

// The first part of the expression, from left to right, that reads the name; null when none does.
const Expression* find_name(const Expression& expression, std::string_view name);

enum class Assignment : std::uint8_t {
    set,             // x = E
    add,             // x += E
    subtract,        // x -= E
    rate_of_change,  // dx/dt = E, per ms
};

// One line of equations.
struct Statement {
    std::string target;  // "w", "theta"
    Assignment assignment = Assignment::set;
    Expression right;
    std::string text;         // as it is written, without a comment, lines joined by one space
    Where where;              // of the target
    bool has_columns = true;  // the places of its parts tell them apart
};

// Which statement it is, for messages about what it does: `line 4: "w += rate * post.r"`. A text of
// the command line has no lines: the statement alone.
std::string line_of(const Statement& statement);

// The sentence, of a text of the command line with the character that is meant: `...; at character
// 17 of "w += rate * pre.rr"`, and of a text whose characters have no places with the statement.
// As it is where a line and a column say it.
std::string with_character(std::string sentence, const Where& where, const Statement& statement);

// The expression as text that parses to the same tree, for messages: "post.r^2 - theta".
std::string to_text(const Expression& expression);

}  // namespace apical

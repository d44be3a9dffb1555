#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

// A piece of an equation's text, in which it is a view.
struct Token {
    enum class Kind : std::uint8_t {
        name,      // "w", "pre.r"
        number,    // "1e-3"; also what begins with a digit and is none
        symbol,    // "(", "+=": what the grammar knows
        unknown,   // a character or several that it does not know
        too_long,  // where a line passes its limit
        line_end,  // of each line; the last one ends the text
    };
    Kind kind = Kind::line_end;
    std::string_view text = {};
    int line = 0;    // of the text, from 0 on
    int column = 0;  // characters before it on the line

    bool is(std::string_view symbol) const { return kind == Kind::symbol && text == symbol; }
    bool ends_line() const { return kind == Kind::line_end; }
};

// All tokens of a text without comments and white space. Takes time as the text is long.
std::vector<Token> tokens_of(std::string_view text);

// What is written for the token in equations, as in "\"*\"" for "×"; empty when nothing is known.
std::string expected_for(const Token& unknown);

// The token as a message names it: in quotes, or by its number in Unicode when it cannot be seen.
std::string found_token(const Token& token);

// What is wrong with a token that begins with a digit or a point; empty when it is a number of the
// grammar and in range. `value` receives the number.
std::string read_number(std::string_view text, double& value);

}  // namespace apical

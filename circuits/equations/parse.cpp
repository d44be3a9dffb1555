#include "circuits/equations/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "circuits/equations/expression_parser.hpp"
#include "circuits/equations/tokens.hpp"
#include "circuits/text/text.hpp"

namespace apical {

namespace {

using Tokens = std::span<const Token>;

constexpr const char* an_assignment = "\"=\", \"+=\" or \"-=\"";

bool assigns(const Token& token) {
    return token.is("=") || token.is("+=") || token.is("-=") ||
           (token.kind == Token::Kind::unknown && expected_for(token).starts_with("\"=\""));
}

// Whether a line begins as a statement does: with "x =" or "dx/dt =".
bool begins_statement(Tokens line) {
    const auto ahead = [&](std::size_t i) { return i < line.size() ? line[i] : Token{}; };
    if (ahead(0).kind != Token::Kind::name) return false;
    return assigns(ahead(1)) || (ahead(1).is("/") && assigns(ahead(3)));
}

// The tokens of one statement without the ends of lines within its brackets, and one end behind
// the last.
struct Sentence {
    std::vector<Token> tokens;
    std::size_t size = 0;  // tokens of the text that it takes
};

// A line that begins as a statement does ends the one before, though a bracket is open: it is that
// bracket which is wrong.
Sentence first_sentence(Tokens tokens) {
    Sentence sentence;
    int depth = 0;
    for (const Token& token : tokens) {
        ++sentence.size;
        if (token.is("(")) ++depth;
        if (token.is(")")) depth = std::max(0, depth - 1);
        if (!token.ends_line()) {
            sentence.tokens.push_back(token);
        } else if (depth == 0 || begins_statement(tokens.subspan(sentence.size))) {
            break;
        }
    }
    const Token& last = sentence.tokens.back();
    const int size = static_cast<int>(characters_in(last.text));
    sentence.tokens.push_back({Token::Kind::line_end, {}, last.line, last.column + size});
    return sentence;
}

// Whether a wrong statement ends so that the next line may be meant to go on with it.
bool is_cut_off(Tokens tokens) {
    const Token& last = tokens[tokens.size() - 2];
    return last.kind == Token::Kind::too_long || last.text == "\\" ||
           (last.kind == Token::Kind::symbol && !last.is(")"));
}

// What stands from the first token to the last, lines joined by one space.
std::string text_of(Tokens tokens) {
    std::string text;
    const char* end = tokens.front().text.data();
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
        const Token& token = tokens[i];
        const char* begin = token.text.data();
        const bool same_line = i == 0 || token.line == tokens[i - 1].line;
        text += same_line ? std::string_view(end, static_cast<std::size_t>(begin - end)) : " ";
        text += token.text;
        end = begin + token.text.size();
    }
    return text;
}

// "dtheta/dt" is taken, and "theta" what changes.
std::string take_derivative(ExpressionParser& parser, const Token& first) {
    const std::string name(first.text.substr(1));
    parser.take();
    if (parser.next().kind != Token::Kind::name || parser.next().text != "dt")
        parser.reject_at(first, fmt::format("found \"{}/{}\"; expected \"{}/dt\"", first.text,
                                            shortened(parser.next().text), first.text));
    parser.take();
    if (!parser.next().is("="))
        parser.reject_next(fmt::format("\"=\" behind \"{}/dt\"", first.text));
    parser.take();
    return name;
}

// A name behind which no assignment is.
[[noreturn]] void reject_target(const ExpressionParser& parser, const Token& name) {
    const Token &next = parser.next(), &after = parser.ahead(1);
    if (next.is("/") && after.text == "dt")
        parser.reject_at(name, fmt::format("found \"{0}/dt\"; expected \"d{1}/dt\"", name.text,
                                           name.text == "d" ? "x" : name.text));
    if (name.text == "d" && next.kind == Token::Kind::name)
        parser.reject_at(
            name, fmt::format("found \"d {0}\"; expected \"d{0}/dt\", without a space", next.text));
    if ((next.is("+") || next.is("-")) && after.is("="))
        parser.reject_at(next, fmt::format("found \"{0} =\"; expected \"{0}=\"", next.text));
    if (next.ends_line())
        parser.reject_at(name,
                         fmt::format("found \"{}\" alone on a line; expected {} behind it, or "
                                     "brackets where a statement goes on over lines",
                                     name.text, an_assignment));
    parser.reject_next(fmt::format("{} behind \"{}\"", an_assignment, name.text));
}

Assignment take_assignment(ExpressionParser& parser, const Token& name) {
    if (parser.take_if("+=")) return Assignment::add;
    if (parser.take_if("-=")) return Assignment::subtract;
    if (!parser.take_if("=")) reject_target(parser, name);
    const Token& next = parser.next();
    const bool touches = next.is("+") && next.line == name.line;
    if (touches && next.column > 0 && next.text.data()[-1] == '=')
        parser.reject_at(next, "found \"=+\"; expected \"+=\", or \"=\" alone");
    return Assignment::set;
}

Statement parse_statement(const EquationText& text, Tokens tokens, Targets targets) {
    ExpressionParser parser(text, tokens);
    if (parser.next().kind != Token::Kind::name)
        parser.reject_next(
            "a statement, as in w += rate * post.r; one goes on over lines inside brackets");
    const Token name = parser.take();
    if (targets == Targets::names && name.text.find('.') != name.text.npos)
        parser.reject_at(name, fmt::format("found \"{}\" as what is assigned; expected a name "
                                           "without a point",
                                           shortened(name.text)));
    Statement statement;
    statement.text = text_of(tokens);
    statement.where = text.where(name);
    statement.has_columns = text.has_columns(name);
    const bool is_derivative = name.text.size() > 1 && name.text[0] == 'd' && parser.next().is("/");
    if (is_derivative) {
        statement.target = take_derivative(parser, name);
        statement.assignment = Assignment::rate_of_change;
    } else {
        statement.target = name.text;
        statement.assignment = take_assignment(parser, name);
    }
    statement.right = parser.whole();
    return statement;
}

// What is wrong with a statement as a whole, before it is looked at.
void check_lines(const EquationText& text, Tokens tokens) {
    for (const Token& token : tokens) {
        if (token.kind == Token::Kind::too_long)
            text.reject_at(token, fmt::format("a line of more than {} characters; a statement goes "
                                              "on over lines inside brackets",
                                              longest_line));
    }
}

const Value& check_text(const Value& value, std::string_view who, const char* expected) {
    if (!std::holds_alternative<std::string>(value.content))
        reject(value.where, fmt::format("{}found {}; expected {}", who, describe(value), expected));
    return value;
}

// The statements of a rule, text after text.
class Statements {
public:
    Statements(std::string_view who, Targets targets) : who_(who), targets_(targets) {}

    void append(const Value& value) {
        const EquationText text{
            check_text(value, who_, "a text of one statement a line, or a list of texts"), who_};
        const std::vector<Token> all = tokens_of(text.text());
        bool is_broken = false;
        for (Tokens rest(all); !rest.empty() && !is_full_;) {
            if (rest.front().ends_line()) {
                rest = rest.subspan(1);
                continue;
            }
            const Sentence sentence = first_sentence(rest);
            // What goes on from a mistake is none of its own.
            if (!is_broken || begins_statement(rest))
                is_broken = !parse(text, sentence.tokens) && is_cut_off(sentence.tokens);
            rest = rest.subspan(sentence.size);
        }
    }

    std::vector<Statement> all(const Where& where) {
        mistakes_.reject_any();
        if (count_ == 0)
            reject(where,
                   fmt::format("{}found no statement; expected one a line, as in w += rate * "
                               "post.r * pre.r",
                               who_));
        return std::move(all_);
    }
    void attempt_append(const Value& value) {
        mistakes_.attempt([&] { append(value); });
    }

private:
    // Whether it is a statement.
    bool parse(const EquationText& text, Tokens tokens) {
        bool is_whole = false;
        mistakes_.attempt([&] {
            is_full_ = count_++ == most_statements;
            if (is_full_)
                text.reject_at(tokens.front(), fmt::format("more than {} statements; expected "
                                                           "several rules",
                                                           most_statements));
            check_lines(text, tokens);
            all_.push_back(parse_statement(text, tokens, targets_));
            is_whole = true;
        });
        return is_whole;
    }

    std::string_view who_;
    Targets targets_;
    std::vector<Statement> all_;
    Mistakes mistakes_;
    int count_ = 0;
    bool is_full_ = false;
};

}  // namespace

std::vector<Statement> parse_equations(const Value& equations, std::string_view who,
                                       Targets targets) {
    Statements statements(who, targets);
    if (const auto* list = std::get_if<Array>(&equations.content)) {
        for (const Value& text : *list) statements.attempt_append(text);
    } else {
        statements.append(equations);
    }
    return statements.all(equations.where);
}

Expression parse_expression(const Value& value, std::string_view who) {
    const EquationText text{check_text(value, who, "a text of one expression"), who};
    const std::vector<Token> all = tokens_of(text.text());
    const auto first =
        std::find_if(all.begin(), all.end(), [](const Token& token) { return !token.ends_line(); });
    if (first == all.end())
        reject(value.where,
               fmt::format("{}found no expression; expected one, as in max(x, 0)", who));
    const Tokens rest(first, all.end());
    const Sentence sentence = first_sentence(rest);
    check_lines(text, sentence.tokens);
    Expression expression = ExpressionParser(text, sentence.tokens).whole();
    for (const Token& token : rest.subspan(sentence.size)) {
        if (!token.ends_line())
            text.reject_at(token, fmt::format("found {} behind the end of the expression; expected "
                                              "brackets where it goes on over lines",
                                              found_token(token)));
    }
    return expression;
}

}  // namespace apical

#include "circuits/equations/tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "circuits/equations/limits.hpp"
#include "circuits/equations/other_notations.hpp"
#include "circuits/text/text.hpp"

namespace apical {

namespace {

bool is_digit_at(std::string_view text, std::size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

bool begins_name_at(std::string_view text, std::size_t at) {
    if (at >= text.size()) return false;
    const char c = text[at];
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool goes_on_at(std::string_view text, std::size_t at) {
    return begins_name_at(text, at) || is_digit_at(text, at);
}

std::size_t length_of_name(std::string_view line) {
    std::size_t end = 1;
    while (goes_on_at(line, end) ||
           (end < line.size() && line[end] == '.' && begins_name_at(line, end + 1)))
        ++end;
    return end;
}

// Letters, digits and points in a row, with the sign of an exponent: "1e-3", but also "2x".
std::size_t length_of_number(std::string_view line) {
    std::size_t end = 1;
    bool has_letter = false;
    for (; end < line.size(); ++end) {
        const bool is_exponent = (line[end] == '+' || line[end] == '-') && !has_letter &&
                                 (line[end - 1] == 'e' || line[end - 1] == 'E') &&
                                 is_digit_at(line, end + 1);
        if (!is_exponent && line[end] != '.' && !goes_on_at(line, end)) break;
        const bool is_e = line[end] == 'e' || line[end] == 'E';
        has_letter = has_letter || is_exponent || (begins_name_at(line, end) && !is_e);
    }
    return end;
}

// What stands for something else in other languages, and what is expected instead.
constexpr std::array<std::pair<std::string_view, std::string_view>, 45> misspelt_symbols{{
    {"==", "\"=\""},
    {"<-", "\"=\""},
    {":=", "\"=\""},
    {"->", "\"=\" behind the name that changes"},
    {"\u2190", "\"=\""},
    {"*=", "\"=\", \"+=\" or \"-=\", as in w = w * (...)"},
    {"/=", "\"=\", \"+=\" or \"-=\", as in w = w / (...)"},
    {"^=", "\"=\", \"+=\" or \"-=\", as in w = w ^ 2"},
    {"++", "\"+\""},
    {"**", "\"^\""},
    {".*", "\"*\"; all products are entry by entry"},
    {"./", "\"/\"; all quotients are entry by entry"},
    {".^", "\"^\"; all powers are entry by entry"},
    {"<", "step(...) or select(...)"},
    {">", "step(...) or select(...)"},
    {"?", "select(...)"},
    {"%", "an operator, as in x / 100"},
    {";", "one statement a line"},
    {"\\", "brackets, inside which a statement goes on over lines"},
    {"[", "\"(\""},
    {"]", "\")\""},
    {"{", "\"(\""},
    {"}", "\")\""},
    {"'", "a name without quotes; a derivative is written dx/dt"},
    {"\"", "a name without quotes"},
    {"@", "a name that the rule declares"},
    {"\u00d7", "\"*\""},
    {"\u00b7", "\"*\""},
    {"\u22c5", "\"*\""},
    {"\u2217", "\"*\""},
    {"\u00f7", "\"/\""},
    {"\u2215", "\"/\""},
    {"\u2044", "\"/\""},
    {"\u2212", "\"-\""},
    {"\u2010", "\"-\""},
    {"\u2013", "\"-\""},
    {"\u2014", "\"-\""},
    {"\u00b2", "\"^2\""},
    {"\u00b3", "\"^3\""},
    {"\u00bd", "0.5"},
    {"\u221a", "sqrt(...)"},
    {"\u00a0", "a space"},
    {"\u2009", "a space"},
    {"\u202f", "a space"},
    {"\u200b", "nothing, or a space"},
}};

const std::pair<std::string_view, std::string_view>* find_misspelt(std::string_view text) {
    const auto found =
        std::find_if(misspelt_symbols.begin(), misspelt_symbols.end(), [&](const auto& symbol) {
            return text.starts_with(symbol.first.front()) && text.starts_with(symbol.first);
        });
    return found == misspelt_symbols.end() ? nullptr : &*found;
}

// The next token of a line that begins with none of white space.
Token next_token(std::string_view line) {
    using Kind = Token::Kind;
    constexpr std::string_view symbols = "+-*/^(),=";
    const bool is_number = is_digit_at(line, 0) || (line[0] == '.' && is_digit_at(line, 1));
    if (is_number) return {Kind::number, line.substr(0, length_of_number(line))};
    if (begins_name_at(line, 0)) return {Kind::name, line.substr(0, length_of_name(line))};
    if (line.starts_with("+=") || line.starts_with("-=")) return {Kind::symbol, line.substr(0, 2)};
    if (const auto* misspelt = find_misspelt(line))
        return {Kind::unknown, line.substr(0, misspelt->first.size())};
    if (symbols.find(line[0]) != symbols.npos) return {Kind::symbol, line.substr(0, 1)};
    return {Kind::unknown, line.substr(0, std::max<std::size_t>(length_of_character(line), 1))};
}

// The bytes of so many characters.
std::size_t bytes_of_characters(std::string_view text, int count) {
    std::size_t bytes = 0;
    for (; count > 0 && bytes < text.size(); --count)
        bytes += std::max<std::size_t>(length_of_character(text.substr(bytes)), 1);
    return bytes;
}

// Appends the tokens of a line, without its end.
void append_line(std::vector<Token>& tokens, std::string_view line, int number) {
    const std::size_t most = bytes_of_characters(line, longest_line);
    const std::string_view beyond = line.substr(most);
    line = line.substr(0, most);
    std::size_t at = 0;
    int column = 0;
    while (true) {
        const std::size_t blank = std::min(line.find_first_not_of(" \t\r", at), line.size()) - at;
        column += static_cast<int>(blank);
        at += blank;
        if (at == line.size() || line[at] == '#') break;
        Token token = next_token(line.substr(at));
        token.line = number;
        token.column = column;
        tokens.push_back(token);
        at += token.text.size();
        column += static_cast<int>(characters_in(token.text));
    }
    if (!beyond.empty())
        tokens.push_back({Token::Kind::too_long, beyond.substr(0, 0), number, longest_line});
}

}  // namespace

std::vector<Token> tokens_of(std::string_view text) {
    std::vector<Token> tokens;
    for (int line = 0;; ++line) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view one = text.substr(0, end);
        if (one.ends_with('\r')) one.remove_suffix(1);
        append_line(tokens, one, line);
        tokens.push_back({Token::Kind::line_end, text.substr(end, 0), line, 0});
        if (end == text.size()) return tokens;
        text.remove_prefix(end + 1);
    }
}

std::string expected_for(const Token& unknown) {
    if (const auto* misspelt = find_misspelt(unknown.text)) return std::string(misspelt->second);
    const std::string_view letter = greek_letter(unknown.text);
    return letter.empty() ? ""
                          : fmt::format("a name of letters a to z, digits and _, as in {}", letter);
}

}  // namespace apical

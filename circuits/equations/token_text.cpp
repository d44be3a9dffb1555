#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "circuits/equations/tokens.hpp"
#include "circuits/text/error.hpp"
#include "circuits/text/misspelt_value.hpp"
#include "circuits/text/text.hpp"

namespace apical {

namespace {

// The number in Unicode of the one character that the text is.
unsigned code_of(std::string_view character) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
    if (character.size() == 1) return byte(0);
    unsigned code = byte(0) & (0x7fu >> character.size());
    for (std::size_t i = 1; i < character.size(); ++i) code = code << 6 | (byte(i) & 0x3fu);
    return code;
}

// Control characters and bytes that are no UTF-8; spaces that look like others, or like nothing.
bool is_invisible(std::string_view character) {
    if (length_of_character(character) == 0) return true;
    const unsigned code = code_of(character);
    return code < 0x20 || (code >= 0x7f && code <= 0xa0) || code == 0xad ||
           (code >= 0x2000 && code <= 0x200f) || (code >= 0x2028 && code <= 0x202f) ||
           (code >= 0x205f && code <= 0x206f) || code == 0x3000 || code == 0xfeff;
}

// digits [ "." digits ] [ ("e" | "E") ["+" | "-"] digits ]
bool is_number_of_grammar(std::string_view text) {
    const auto take_some_digits = [&text] {
        const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
        text.remove_prefix(digits);
        return digits > 0;
    };
    const auto take_one_of = [&text](std::string_view some) {
        const bool is_next = !text.empty() && some.find(text[0]) != some.npos;
        if (is_next) text.remove_prefix(1);
        return is_next;
    };
    if (!take_some_digits()) return false;
    if (take_one_of(".") && !take_some_digits()) return false;
    if (take_one_of("eE")) {
        take_one_of("+-");
        if (!take_some_digits()) return false;
    }
    return text.empty();
}

// What is wrong with a word that is no number of the grammar.
std::string no_number(std::string_view text) {
    if (const std::string lacks = misspelt_number(text); !lacks.empty()) return lacks;
    const std::size_t name = std::min(text.find_first_not_of("0123456789."), text.size());
    const std::string_view number = text.substr(0, name), rest = text.substr(name);
    const std::string found = fmt::format("found \"{}\"; ", shortened(text));
    if (rest.empty()) return found + "expected a number with one point";
    if (text.find('_') != text.npos && text.find_first_not_of("0123456789._eE+-") == text.npos)
        return found + "expected a number without \"_\"";
    if (rest == "e" || rest == "E") return found + "expected digits behind the exponent's \"e\"";
    if (is_number_of_grammar(number) && rest.find_first_of("+-") == rest.npos)
        return found + fmt::format("expected an operator behind the number, as in {} * {}",
                                   shortened(number), shortened(rest));
    return found + "expected a number, or a name that begins with a letter";
}

}  // namespace

std::string found_token(const Token& token) {
    if (token.kind == Token::Kind::unknown && is_invisible(token.text))
        return length_of_character(token.text) == 0
                   ? "a byte that is no UTF-8"
                   : fmt::format("the character U+{:04X}", code_of(token.text));
    return fmt::format("\"{}\"", shortened(token.text));
}

std::string read_number(std::string_view text, double& value) {
    if (!is_number_of_grammar(text)) return no_number(text);
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    // Some libraries make 0 of what is too small, and infinity of what is too large.
    const std::string_view digits = text.substr(0, text.find_first_of("eE"));
    const bool is_zero = digits.find_first_of("123456789") == digits.npos;
    const bool is_read = failure == std::errc() && end == text.data() + text.size();
    if (is_read && std::isfinite(value) && (value == 0.0) == is_zero) return "";
    return fmt::format("{} is beyond what a number can be, from about 4.9e-324 to about 1.8e308",
                       shortened(text));
}

}  // namespace apical

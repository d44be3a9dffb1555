#include "circuits/text/misspelt_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <limits>

#include "circuits/text/error.hpp"

namespace apical {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

// Takes the digits that the text begins with, and underscores between them.
std::string_view take_digits(std::string_view& text) {
    const auto end =
        std::find_if(text.begin(), text.end(), [](char c) { return !is_digit(c) && c != '_'; });
    const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(digits.size());
    return digits;
}

std::string_view take_sign(std::string_view& text) {
    const std::size_t size = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
    const std::string_view sign = text.substr(0, size);
    text.remove_prefix(size);
    return sign;
}

// The parts of a decimal number as people write it: "-", "1", true, "5", "e3".
struct Decimal {
    std::string_view sign, whole, fraction, exponent;
    bool has_point = false, is_one = false;
};

Decimal decimal_of(std::string_view rest) {
    Decimal decimal;
    decimal.sign = take_sign(rest);
    decimal.whole = take_digits(rest);
    decimal.has_point = rest.starts_with('.');
    if (decimal.has_point) rest.remove_prefix(1);
    decimal.fraction = take_digits(rest);
    if (rest.starts_with('e') || rest.starts_with('E')) {
        const std::string_view exponent = rest;
        rest.remove_prefix(1);
        take_sign(rest);
        if (!take_digits(rest).empty()) decimal.exponent = exponent;
    }
    decimal.is_one = rest.empty() && !(decimal.whole.empty() && decimal.fraction.empty());
    return decimal;
}

std::string without_underscores(std::string_view word) {
    std::string digits;
    std::copy_if(word.begin(), word.end(), std::back_inserter(digits),
                 [](char c) { return c != '_' && c != '+'; });
    return digits;
}

template <class Number>
bool is_out_of_range(std::string_view word) {
    const std::string digits = without_underscores(word);
    Number number{};
    return std::from_chars(digits.data(), digits.data() + digits.size(), number).ec ==
           std::errc::result_out_of_range;
}

}  // namespace

std::string misspelt_number(std::string_view word) {
    const Decimal number = decimal_of(word);
    if (!number.is_one) return "";
    const bool lacks_a_digit =
        number.has_point && (number.whole.empty() || number.fraction.empty());
    if (lacks_a_digit) {
        const auto or_zero = [](std::string_view digits) { return digits.empty() ? "0" : digits; };
        return fmt::format("{} lacks a digit {} its point; expected {}{}.{}{}", shortened(word),
                           number.whole.empty() ? "before" : "behind", number.sign,
                           or_zero(number.whole), or_zero(number.fraction), number.exponent);
    }
    const bool whole = !number.has_point && number.exponent.empty();
    using Limits = std::numeric_limits<std::int64_t>;
    if (whole && is_out_of_range<std::int64_t>(word))
        return fmt::format("{} is {}; expected a whole number from {} to {}", shortened(word),
                           number.sign == "-" ? "too small" : "too large", Limits::min(),
                           Limits::max());
    if (!whole && is_out_of_range<double>(word))
        return fmt::format("{} is beyond what a number can be, about 1.8e308", shortened(word));
    return "";
}

std::string misspelt_value(std::string_view word) {
    const bool is_text = !word.empty() && is_letter(word.front()) &&
                         std::all_of(word.begin(), word.end(), [](char c) {
                             return is_letter(c) || is_digit(c) ||
                                    std::string_view("_-./()*:").find(c) != std::string_view::npos;
                         });
    if (!is_text) return misspelt_number(word);
    return fmt::format("a text needs quotes; expected \"{}\", found {}", shortened(word),
                       shortened(word));
}

Word value_around(std::string_view text, std::size_t offset) {
    constexpr std::string_view before = "=,[", behind = ",]}# \t\r\n";
    offset = std::min(offset, text.size());
    std::size_t begin = offset;
    while (begin > 0 && before.find(text[begin - 1]) == std::string_view::npos &&
           text[begin - 1] != '\n')
        --begin;
    if (begin == 0 || text[begin - 1] == '\n') return {};
    begin = std::min(text.find_first_not_of(" \t", begin), text.size());
    const std::size_t end = std::min(text.find_first_of(behind, begin), text.size());
    return {begin, text.substr(begin, end - begin)};
}

bool is_typographic_quote(std::string_view text) {
    constexpr std::array<std::string_view, 10> quotes = {"\u2018", "\u2019", "\u201a", "\u201b",
                                                         "\u201c", "\u201d", "\u201e", "\u201f",
                                                         "\u00ab", "\u00bb"};
    return std::any_of(quotes.begin(), quotes.end(),
                       [&](std::string_view quote) { return text.starts_with(quote); });
}

}  // namespace apical

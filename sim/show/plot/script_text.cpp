#include "sim/show/plot/script_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "circuits/text/text.hpp"

namespace apical {

namespace {

// The bytes of the printable character of UTF-8 that begins here; 0 when none does.
std::size_t character_at(const std::string& text, std::size_t at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < ' ' || byte == 0x7f) return 0;
    return length_of_character(std::string_view(text).substr(at));
}

}  // namespace

std::string quoted(const std::string& text) {
    std::string result = "'";
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t size = character_at(text, at);
        if (size == 0) {
            result += '?';
        } else if (text[at] == '\'') {
            result += "''";
        } else {
            result.append(text, at, size);
        }
        at += std::max<std::size_t>(1, size);
    }
    return result + "'";
}

bool can_be_drawn(double value) { return std::abs(value) <= 1e300; }

std::string number(double value) { return can_be_drawn(value) ? fmt::format("{}", value) : "NaN"; }

double tick_step(double span, double most) {
    const double power = std::pow(10.0, std::floor(std::log10(span / most)));
    for (const double step : {1.0, 2.0, 5.0})
        if (span <= step * power * most) return step * power;
    return 10.0 * power;
}

}  // namespace apical

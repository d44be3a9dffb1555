#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>

namespace apical {

// Numbers as a reader meets them. What is no number is "nan": its sign means nothing.

// A number with so many digits behind the point, "0.69315"; an exponent where there would be more
// than six before.
inline std::string fixed_text(double number, int digits) {
    if (std::isnan(number)) return "nan";
    constexpr double large = 1e6;
    return std::abs(number) < large ? fmt::format("{:.{}f}", number, digits)
                                    : fmt::format("{:.{}g}", number, digits);
}

// A number with so many digits that count.
inline std::string general_text(double number, int digits) {
    return std::isnan(number) ? "nan" : fmt::format("{:.{}g}", number, digits);
}

}  // namespace apical

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/audit/bounds.hpp"

namespace apical {

namespace {

constexpr double boundless = std::numeric_limits<double>::infinity();

Interval hull_of(std::initializer_list<double> ends) {
    if (std::any_of(ends.begin(), ends.end(), [](double x) { return std::isnan(x); }))
        return {-boundless, boundless};
    return {std::min(ends), std::max(ends)};
}

}  // namespace

// Nothing times a number is nothing, however large that number may be; of other products of 0 and
// infinity nothing is known.
Interval operator*(const Interval& a, const Interval& b) {
    const auto is_nothing = [](const Interval& one) { return one.low == 0.0 && one.high == 0.0; };
    if (is_nothing(a) || is_nothing(b)) return {0.0, 0.0};
    return hull_of({a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high});
}

Interval operator+(double a, const Interval& b) { return {a + b.low, a + b.high}; }

// Infinity less infinity is anything.
Interval operator+(const Interval& a, const Interval& b) {
    const double low = a.low + b.low, high = a.high + b.high;
    return {std::isnan(low) ? -boundless : low, std::isnan(high) ? boundless : high};
}

Interval joined(const Interval& a, const Interval& b) {
    return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

bool Interval::is_bounded() const { return std::isfinite(low) && std::isfinite(high); }
double Interval::size() const { return std::max(std::abs(low), std::abs(high)); }

}  // namespace apical

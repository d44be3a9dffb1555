#include "sim/audit/size.hpp"

#include <algorithm>
#include <cmath>

namespace apical {

namespace {

constexpr double accumulated_rounding = 1e-9;

// A product with 0 is 0, also of a size without limit.
double product_of_numbers(double a, double b) { return a == 0.0 || b == 0.0 ? 0.0 : a * b; }

}  // namespace

Size operator*(double factor, const Size& size) {
    return {product_of_numbers(std::abs(factor), size.most), size.unbounded,
            factor < 0.0 ? -size.sign : size.sign};
}
Size operator*(const Size& a, const Size& b) {
    return {product_of_numbers(a.most, b.most), a.unbounded ? a.unbounded : b.unbounded,
            a.sign * b.sign};
}
Size operator+(const Size& a, const Size& b) {
    const bool opposite = a.sign * b.sign < 0;
    return {opposite ? std::max(a.most, b.most) : a.most + b.most,
            a.unbounded ? a.unbounded : b.unbounded, a.sign == b.sign ? a.sign : 0};
}
Size larger(const Size& a, const Size& b) {
    const int sign = a.most == 0.0 ? b.sign : b.most == 0.0 || a.sign == b.sign ? a.sign : 0;
    return {std::max(a.most, b.most), a.unbounded ? a.unbounded : b.unbounded, sign};
}

Size accumulated(double keep, const Size& added, SlotId of) {
    if (keep > 1.0 + accumulated_rounding) return {limitless_size, of};
    if (keep < 1.0) return {added.most / (1.0 - keep), added.unbounded};
    return {added.most, added.unbounded ? added.unbounded : of};
}

double largest_at_first(const Initializer& init, int rows, int columns) {
    const double scale = std::abs(init.scale.value(rows, columns));
    switch (init.kind) {
        case Initializer::Kind::constant:
        case Initializer::Kind::orthogonal:
        case Initializer::Kind::identity:
            return scale;
        case Initializer::Kind::normal:
        case Initializer::Kind::half_normal:
            return drawn_deviations * scale;
        case Initializer::Kind::lognormal:
            return scale * std::exp(drawn_deviations * init.sigma);
        case Initializer::Kind::uniform:
            return std::max(std::abs(init.low.value(rows, columns)),
                            std::abs(init.high.value(rows, columns)));
        case Initializer::Kind::activated_normal:
        case Initializer::Kind::connected:
        case Initializer::Kind::copy:
        case Initializer::Kind::file:
            return 1.0;
    }
    return 1.0;
}

}  // namespace apical

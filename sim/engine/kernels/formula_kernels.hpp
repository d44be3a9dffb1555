#pragma once

#include "sim/engine/kernels/full_range.hpp"
#include "sim/engine/kernels/kernels.hpp"

namespace apical {
namespace {

// A formula is computed tile by tile: each part is a loop over the tile's entries, from and to
// memory of the tile or the vectors themselves. Every part rounds as its operation does, lane by
// lane, so the bits depend neither on the tile nor on the registers. The result may be among the
// sources, since the last part, which alone writes it, reads each eight entries before it writes
// them.

APICAL_INLINE double* first_of(const FormulaNumbers& numbers, std::size_t first) {
    return numbers.at + (numbers.lies == Lies::in_vector ? first : 0);
}
APICAL_INLINE std::size_t moving(const FormulaNumbers& numbers) {
    return numbers.lies == Lies::alike ? 0 : ~std::size_t{0};
}

// out = f(a, b, c) for `count` entries, from entry `first` on.
template <class F>
APICAL_INLINE void for_entries(const FormulaPart& part, std::size_t first, std::size_t count, F f) {
    double* const out = first_of(part.out, first);
    const double *const a = first_of(part.a, first), *const b = first_of(part.b, first),
                        *const c = first_of(part.c, first);
    const std::size_t in_a = moving(part.a), in_b = moving(part.b), in_c = moving(part.c);
    for (std::size_t i = 0; i < count; i += lanes)
        store(out + i, f(load(a + (i & in_a)), load(b + (i & in_b)), load(c + (i & in_c))));
}

// The smaller and the larger; what is no number comes through from either side.
APICAL_INLINE Eight smaller_of(Eight a, Eight b) {
    return by_register<8>(
        [](NativeDoubles x, NativeDoubles y) { return ((x < y) | (x != x)) ? x : y; }, a, b);
}
APICAL_INLINE Eight larger_of(Eight a, Eight b) {
    return by_register<8>(
        [](NativeDoubles x, NativeDoubles y) { return ((x > y) | (x != x)) ? x : y; }, a, b);
}
// `above` where x > 0, `below` where x < 0 or x = 0, else x.
APICAL_INLINE Eight by_sign(Eight x, Eight above, Eight at_zero, Eight below) {
    const Eight rest =
        by_register<8>([](NativeDoubles value,
                          NativeDoubles zero) { return value == NativeDoubles{} ? zero : value; },
                       x, at_zero);
    return select(x > 0.0, above, select(x < 0.0, below, rest));
}

void compute_part(const FormulaPart& part, std::size_t first, std::size_t count) {
    const auto each = [&](auto f) APICAL_LAMBDA { for_entries(part, first, count, f); };
    switch (part.call) {
        case FormulaCall::copy:
            return each([](Eight a, Eight, Eight) { return a; });
        case FormulaCall::add:
            return each([](Eight a, Eight b, Eight) { return a + b; });
        case FormulaCall::subtract:
            return each([](Eight a, Eight b, Eight) { return a - b; });
        case FormulaCall::multiply:
            return each([](Eight a, Eight b, Eight) { return a * b; });
        case FormulaCall::divide:
            return each([](Eight a, Eight b, Eight) { return a / b; });
        case FormulaCall::multiply_add:
            return each([](Eight a, Eight b, Eight c) { return multiply_add(a, b, c); });
        case FormulaCall::multiply_subtract:
            return each([](Eight a, Eight b, Eight c) { return multiply_add(a, b, -c); });
        case FormulaCall::subtract_product:
            return each([](Eight a, Eight b, Eight c) { return multiply_add(-a, b, c); });
        case FormulaCall::power:
            return each([n = part.exponent](Eight a, Eight, Eight) { return power_all(a, n); });
        case FormulaCall::minimum:
            return each([](Eight a, Eight b, Eight) { return smaller_of(a, b); });
        case FormulaCall::maximum:
            return each([](Eight a, Eight b, Eight) { return larger_of(a, b); });
        case FormulaCall::select:
            return each([](Eight a, Eight b, Eight c) { return by_sign(a, b, c, c); });
        case FormulaCall::absolute:
            return each([](Eight a, Eight, Eight) { return size_of(a); });
        case FormulaCall::sign:
            return each([](Eight a, Eight, Eight) {
                return by_sign(a, broadcast(1.0), a, broadcast(-1.0));
            });
        case FormulaCall::step:
            return each(
                [](Eight a, Eight, Eight) { return by_sign(a, broadcast(1.0), Eight{}, Eight{}); });
        case FormulaCall::root:
            return each([](Eight a, Eight, Eight) { return root_all(a); });
        case FormulaCall::exponential:
            return each([](Eight a, Eight, Eight) { return exp_all(a); });
        case FormulaCall::logarithm:
            return each([](Eight a, Eight, Eight) { return log_all(a); });
        case FormulaCall::tanh:
            return each([](Eight a, Eight, Eight) { return tanh_of(a); });
        case FormulaCall::logistic:
            return each([](Eight a, Eight, Eight) { return logistic_all(a); });
        case FormulaCall::rectified:
            return each([](Eight a, Eight, Eight) { return select(a < 0.0, Eight{}, a); });
    }
}

// `entries` is a multiple of eight.
void compute_formula(const FormulaSteps& all, std::size_t entries) {
    for (std::size_t k = 0; k < all.spread_count; ++k) {
        const SpreadNumber& one = all.spread[k];
        store(one.to, broadcast(one.from ? *one.from : one.number));
    }
    for (std::size_t k = 0; k < all.before_count; ++k) compute_part(all.before[k], 0, lanes);
    for (std::size_t first = 0; first < entries; first += tile_entries) {
        const std::size_t left = entries - first, count = left < tile_entries ? left : tile_entries;
        for (std::size_t k = 0; k < all.part_count; ++k) compute_part(all.parts[k], first, count);
    }
}

}  // namespace
}  // namespace apical

#pragma once

#include <cstdint>

#include "sim/engine/kernels/vector_math.hpp"

// exp, log, the logistic function and whole powers of all doubles, made of the operations of
// vector_math.hpp: what is no number stays none, and overflow and underflow are those of the exact
// value. exp and log are within 1.1 units in the last place, the logistic function within 2.4;
// below the smallest normal number a unit is the smallest number.
namespace apical {
namespace {

constexpr double infinite = __builtin_inf(), no_number = __builtin_nan("");

using NativeWords = std::uint64_t __attribute__((vector_size(8 * register_width)));

// 2^k for a whole number k from -1022 to 1023.
APICAL_INLINE Eight power_of_two(Eight k) {
    constexpr double to_integer = 6755399441055744.0;  // 1.5 * 2^52: k stands in the last bits
    return by_register<8>(
        [](NativeDoubles x) {
            return reinterpret_cast<NativeDoubles>((reinterpret_cast<NativeInts>(x) + 1023) << 52);
        },
        k + to_integer);
}

// 2^k is multiplied by in two parts, either of them a normal number. Only the second product can be
// infinite or lose digits.
APICAL_INLINE Eight exp_all(Eight y) {
    constexpr double highest = 710.0, lowest = -746.0;  // infinity and 0 from here on
    constexpr double to_integer = 6755399441055744.0;
    const Eight above = select(y > highest, broadcast(highest), y);
    const Exponential e = exponential_of(select(above < lowest, broadcast(lowest), above));
    const Eight half = (0.5 * e.k + to_integer) - to_integer, power = power_of_two(half);
    return multiply_add(power, e.small, power) * power_of_two(e.k - half);
}

// x = 2^k m with m from sqrt(1/2) to sqrt(2), f = m - 1 and s = f / (2 + f): log(1 + f) is
// 2 atanh(s) = 2 s + s R, R = 2 s^2 / 3 + 2 s^4 / 5 + ..., of which s^24 is below 4e-19 of the
// whole. As f - (f^2 / 2 - s (f^2 / 2 + R)) it begins with a number that is exact. k ln 2 is added
// in two parts, the first exact (Cody and Waite 1980).
APICAL_INLINE Eight log_all(Eight x) {
    constexpr double smallest = 2.2250738585072014e-308, largest = 1.7976931348623157e308;
    constexpr double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
    constexpr double scale = 18014398509481984.0;  // 2^54
    constexpr std::uint64_t one = 0x3ff0000000000000, root_of_half = 0x3fe6a09e667f3bcd,
                            fraction = 0x000fffffffffffff, whole = 0x4330000000000000;  // 2^52
    const auto below = x < smallest;
    const Eight normal = select(below, x * scale, x);
    const auto moved = [](NativeDoubles value) APICAL_LAMBDA {
        return reinterpret_cast<NativeWords>(value) + (one - root_of_half);
    };
    const Eight exponent = by_register<8>(
        [&](NativeDoubles value)
            APICAL_LAMBDA { return reinterpret_cast<NativeDoubles>((moved(value) >> 52) | whole); },
        normal);
    const Eight m = by_register<8>(
        [&](NativeDoubles value) APICAL_LAMBDA {
            return reinterpret_cast<NativeDoubles>((moved(value) & fraction) + root_of_half);
        },
        normal);
    const Eight k = (exponent - 4503599627370496.0) -
                    select(below, broadcast(1023.0 + 54.0), broadcast(1023.0));
    const Eight f = m - 1.0, s = f / (2.0 + f), z = s * s, half = 0.5 * f * f;
    constexpr double terms[] = {2.0 / 21, 2.0 / 19, 2.0 / 17, 2.0 / 15, 2.0 / 13,
                                2.0 / 11, 2.0 / 9,  2.0 / 7,  2.0 / 5,  2.0 / 3};
    Eight R = broadcast(2.0 / 23);
    repeat<10>([&](std::size_t i) APICAL_LAMBDA { R = multiply_add(z, R, broadcast(terms[i])); });
    R = z * R;
    const Eight inner = multiply_add(s, half + R, k * ln2_low);
    const Eight result = multiply_add(k, broadcast(ln2_high), f - (half - inner));
    // 0 - infinity is what 0 has, infinity itself, and what is no number stays none.
    const Eight special = select(x < 0.0, broadcast(no_number), x - infinite);
    return select(x > largest, x, select(x > 0.0, result, special));
}

// 1 / (1 + e^-x), by e^-|x|, which cannot be infinite; of negative x it is e^x / (1 + e^x).
APICAL_INLINE Eight logistic_all(Eight x) {
    const Eight e = exp_all(-size_of(x));
    return select(x < 0.0, e, broadcast(1.0)) / (1.0 + e);
}

// x^n as products of x, x^2, x^4 and x^8, the lowest first; of n < 0 the inverse of x^-n.
APICAL_INLINE Eight power_all(Eight x, int n) {
    Eight product = broadcast(1.0), square = x;
    for (int left = n < 0 ? -n : n; left > 0; left >>= 1, square = square * square) {
        if (left & 1) product = product * square;
    }
    return n < 0 ? 1.0 / product : product;
}

APICAL_INLINE Eight root_all(Eight x) {
    return by_register<8>(
        [](NativeDoubles value) {
            NativeDoubles root = {};
            for (std::size_t k = 0; k < register_width; ++k) root[k] = __builtin_sqrt(value[k]);
            return root;
        },
        x);
}

}  // namespace
}  // namespace apical

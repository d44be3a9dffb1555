#pragma once

#include <cstddef>
#include <cstdint>

// Eight doubles at a time, by the compiler's vector extension: one AVX-512 register, or two or four
// smaller ones, with the same bits on each. Everything is in an unnamed namespace, since
// kernels.cpp is built for several instruction sets.
namespace apical {
namespace {

using Eight = double __attribute__((vector_size(64)));
using EightInts = std::int64_t __attribute__((vector_size(64)));

inline Eight load(const double* from) { return *reinterpret_cast<const Eight*>(from); }
inline void store(double* to, Eight value) { *reinterpret_cast<Eight*>(to) = value; }
inline Eight broadcast(double x) { return Eight{x, x, x, x, x, x, x, x}; }
inline Eight select(EightInts mask, Eight yes, Eight no) { return mask ? yes : no; }

// Lane k of the result is the sum of the lanes of sums[k], added pairwise.
inline Eight lane_sums(const Eight* sums) {
    Eight pairs[4], quads[2];
    for (std::size_t k = 0; k < 4; ++k) {
        const Eight a = sums[2 * k], b = sums[2 * k + 1];
        pairs[k] = __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14) +
                   __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (std::size_t k = 0; k < 2; ++k) {
        const Eight a = pairs[2 * k], b = pairs[2 * k + 1];
        quads[k] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13) +
                   __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
    }
    return __builtin_shufflevector(quads[0], quads[1], 0, 1, 2, 3, 8, 9, 10, 11) +
           __builtin_shufflevector(quads[0], quads[1], 4, 5, 6, 7, 12, 13, 14, 15);
}

// exp(y) - 1 for |y| <= 700: y = k ln 2 + r with |r| <= ln(2) / 2, the Taylor series of exp(r) - 1
// to the 13th power (the next term is below 2e-17 of the result), and 2^k (exp(r) - 1) + (2^k - 1).
inline Eight exp_minus_one(Eight y) {
    constexpr double to_integer =
        6755399441055744.0;  // 1.5 * 2^52: adding it rounds to a whole number
    // ln 2 in two parts, the first with 32 trailing zero bits, so that k times it is exact (Cody
    // and Waite 1980).
    constexpr double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
    const Eight shifted = y * 1.4426950408889634 + to_integer;
    const Eight k = shifted - to_integer;
    const Eight r = (y - k * ln2_high) - k * ln2_low;
    constexpr double inverse_factorial[] = {1.0 / 2,        1.0 / 6,         1.0 / 24,
                                            1.0 / 120,      1.0 / 720,       1.0 / 5040,
                                            1.0 / 40320,    1.0 / 362880,    1.0 / 3628800,
                                            1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
    // Estrin's scheme: short chains of dependent products.
    const Eight r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
    Eight pair[6];
    for (std::size_t i = 0; i < 6; ++i)
        pair[i] = inverse_factorial[2 * i] + r * inverse_factorial[2 * i + 1];
    const Eight series =
        (pair[0] + r2 * pair[1]) + r4 * (pair[2] + r2 * pair[3]) + r8 * (pair[4] + r2 * pair[5]);
    const Eight small = r + r2 * series;
    const EightInts bits = (reinterpret_cast<EightInts>(shifted) + 1023) << 52;
    const Eight power = reinterpret_cast<Eight>(bits);
    return power * small + (power - 1.0);
}

// tanh(x) = (e^2x - 1) / (e^2x + 1), from |x| so that it is odd to the bit; NaN stays NaN.
inline Eight tanh_of(Eight x) {
    const EightInts sign = reinterpret_cast<EightInts>(x) & INT64_MIN;
    const Eight size = reinterpret_cast<Eight>(reinterpret_cast<EightInts>(x) & INT64_MAX);
    const Eight bounded = select(size > 20.0, broadcast(20.0), size);  // tanh(20) is 1 in double
    const Eight e = exp_minus_one(bounded + bounded);
    const Eight t = e / (e + 2.0);
    return reinterpret_cast<Eight>(reinterpret_cast<EightInts>(t) | sign);
}

}  // namespace
}  // namespace apical

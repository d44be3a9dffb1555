#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__FMA__)
#include <immintrin.h>
#endif

// Eight doubles at a time, by the compiler's vector extension: one AVX-512 register, or two or four
// smaller ones, with the same bits on all that round alike (multiply_add). Everything is in an
// unnamed namespace, since kernels.cpp is built for several instruction sets.
namespace apical {
namespace {

using Eight = double __attribute__((vector_size(64)));
using EightInts = std::int64_t __attribute__((vector_size(64)));

inline Eight load(const double* from) { return *reinterpret_cast<const Eight*>(from); }
inline void store(double* to, Eight value) { *reinterpret_cast<Eight*>(to) = value; }
inline Eight broadcast(double x) { return Eight{x, x, x, x, x, x, x, x}; }
inline Eight select(EightInts mask, Eight yes, Eight no) { return mask ? yes : no; }

// a b + c, rounded once where the processor can. With APICAL_STRICT it is rounded twice, as on
// every processor.
inline Eight multiply_add(Eight a, Eight b, Eight c) {
#if defined(APICAL_STRICT) || !defined(__FMA__)
    return a * b + c;
#elif defined(__AVX512F__)
    return reinterpret_cast<Eight>(_mm512_fmadd_pd(a, b, c));
#else
    using Four = double __attribute__((vector_size(32)));
    const auto half = [](Eight x, std::size_t which) {
        Four y;
        __builtin_memcpy(&y, reinterpret_cast<const Four*>(&x) + which, sizeof y);
        return y;
    };
    Eight sum;
    for (std::size_t which = 0; which < 2; ++which) {
        const Four y = _mm256_fmadd_pd(half(a, which), half(b, which), half(c, which));
        __builtin_memcpy(reinterpret_cast<Four*>(&sum) + which, &y, sizeof y);
    }
    return sum;
#endif
}

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

// exp(y) = power (1 + small) for |y| <= 708: y = k ln 2 + r with |r| <= ln(2) / 2, power = 2^k, and
// small = exp(r) - 1 by its Taylor series to the 13th power (the next term is below 2e-17 of it).
struct Exponential {
    Eight power, small;
};
inline Exponential exponential_of(Eight y) {
    constexpr double to_integer =
        6755399441055744.0;  // 1.5 * 2^52: adding it rounds to a whole number
    // ln 2 in two parts, the first with 32 trailing zero bits, so that k times it is exact (Cody
    // and Waite 1980).
    constexpr double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
    const Eight shifted = multiply_add(y, broadcast(1.4426950408889634), broadcast(to_integer));
    const Eight k = shifted - to_integer;
    const Eight r = multiply_add(-k, broadcast(ln2_low), multiply_add(-k, broadcast(ln2_high), y));
    constexpr double inverse_factorial[] = {1.0 / 2,        1.0 / 6,         1.0 / 24,
                                            1.0 / 120,      1.0 / 720,       1.0 / 5040,
                                            1.0 / 40320,    1.0 / 362880,    1.0 / 3628800,
                                            1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800.0};
    // Estrin's scheme: short chains of dependent products.
    const Eight r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
    Eight pair[6];
    for (std::size_t i = 0; i < 6; ++i) {
        pair[i] = multiply_add(r, broadcast(inverse_factorial[2 * i + 1]),
                               broadcast(inverse_factorial[2 * i]));
    }
    const Eight low = multiply_add(r2, pair[1], pair[0]),
                middle = multiply_add(r2, pair[3], pair[2]),
                high = multiply_add(r2, pair[5], pair[4]);
    const Eight series = multiply_add(r8, high, multiply_add(r4, middle, low));
    const EightInts bits = (reinterpret_cast<EightInts>(shifted) + 1023) << 52;
    return {reinterpret_cast<Eight>(bits), multiply_add(r2, series, r)};
}

// exp(y) for y <= 0; 0 below the smallest normal number.
inline Eight exp_of(Eight y) {
    constexpr double lowest = -708.0;
    const Exponential e = exponential_of(select(y < lowest, broadcast(lowest), y));
    return select(y < lowest, Eight{}, multiply_add(e.power, e.small, e.power));
}

// tanh(x) = (e^2x - 1) / (e^2x + 1), from |x| so that it is odd to the bit; NaN stays NaN.
inline Eight tanh_of(Eight x) {
    const EightInts sign = reinterpret_cast<EightInts>(x) & INT64_MIN;
    const Eight size = reinterpret_cast<Eight>(reinterpret_cast<EightInts>(x) & INT64_MAX);
    const Eight bounded = select(size > 20.0, broadcast(20.0), size);  // tanh(20) is 1 in double
    const Exponential exponential = exponential_of(bounded + bounded);
    const Eight e = multiply_add(exponential.power, exponential.small, exponential.power - 1.0);
    const Eight t = e / (e + 2.0);
    return reinterpret_cast<Eight>(reinterpret_cast<EightInts>(t) | sign);
}

}  // namespace
}  // namespace apical

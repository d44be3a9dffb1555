// exp and tanh of a register, tanh within 1 ulp as the engine's: a less exact one would be no
// yardstick.
#pragma once

#include "bench/hand/vector.hpp"

namespace hand {
namespace {

// exp(y) = power (1 + small).
struct Exponential {
    Vector power, small;
};

inline Exponential exponential_of(Vector y) {
    const Vector shift = all(0x1.8p52);
    const Vector shifted = fma(y, all(1.4426950408889634), shift), k = shifted - shift;
    const Vector r =
        fnma(k, all(1.90821492927058770002e-10), fnma(k, all(6.93147180369123816490e-01), y));
    // The Taylor series to the 13th power.
    const Vector r2 = r * r, r4 = r2 * r2;
    const Vector a = fma(r, all(1.0 / 6), all(1.0 / 2)), b = fma(r, all(1.0 / 120), all(1.0 / 24)),
                 c = fma(r, all(1.0 / 5040), all(1.0 / 720)),
                 d = fma(r, all(1.0 / 362880), all(1.0 / 40320)),
                 e = fma(r, all(1.0 / 39916800), all(1.0 / 3628800)),
                 f = fma(r, all(1.0 / 6227020800.0), all(1.0 / 479001600));
    const Vector series = fma(r4 * r4, fma(r2, f, e), fma(r4, fma(r2, d, c), fma(r2, b, a)));
    return {power_of_two(shifted), fma(r2, series, r)};
}

// exp(y), where y is between -700 and 700 or so.
inline Vector exp_of(Vector y) {
    const Exponential e = exponential_of(y);
    return fma(e.power, e.small, e.power);
}

// Below 0.625 the eighth convergent of Lambert's continued fraction, above it 1 - 2 / (exp(2x) + 1)
// with what the sum and the difference round away added again.
inline Vector tanh_of(Vector x) {
    const Vector size = smaller(all(20.0), without_sign(x)), z = size * size;
    const Vector above = fma(z, fma(z, z + all(594.0), all(45045.0)), all(675675.0));
    const Vector below =
        fma(z, fma(z, fma(z, z + all(630.0), all(51975.0)), all(945945.0)), all(2027025.0));
    const Exponential e = exponential_of(size + size);
    const Vector one_more = e.power + all(1.0), sum = fma(e.power, e.small, one_more),
                 rest = fma(e.power, e.small, one_more - sum);
    const Mask near = less(size, all(0.625));
    const Vector q = select(near, z * above, all(2.0)) / select(near, below, sum);
    const Vector left = all(1.0) - q, lost = (all(1.0) - left) - q;
    const Vector far = left + fma(q * q, all(0.5) * rest, lost);
    return with_sign(select(near, fnma(size, q, size), far), sign_of(x));
}

}  // namespace
}  // namespace hand

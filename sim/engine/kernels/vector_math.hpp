#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#if defined(__FMA__)
#include <immintrin.h>
#endif

// Vectors of doubles on the registers of the instruction set that a file is built for. Everything
// is in an unnamed namespace, since kernels.cpp is built for several instruction sets.
//
// Instruction sets that round alike (multiply_add) give the same bits. Three rules make it so:
//   - A vector of the algorithms has eight lanes (`Eight`), whatever the width of a register. A sum
//     over rows is made of eight partial sums, one for each lane, which are added half to half:
//     lane 0 to lane 4, then 0 to 2, then 0 to 1 (sum_of_halves, lane_sums, lane_sum).
//   - What is rounded once is written as multiply_add; every other product and sum is rounded by
//     itself, since the files are compiled with -ffp-contract=off.
//   - Only IEEE operations that all sets have are used (+, -, *, /, comparison, bits); exp and tanh
//     are made of them here and not taken from a library.
//
// A vector that is wider than a register is two halves. It is no array, which g++ 12 keeps in
// memory until it has unrolled the loops over it, and no compiler's vector of that width
// (`vector_size(64)` without AVX-512), which g++ 12 keeps in memory always and moves piece by
// piece, 13 times slower.
namespace apical {
namespace {

// Tests build the kernels with other widths, too, to compare the bits (tests/CMakeLists.txt).
#if !defined(APICAL_REGISTER_WIDTH)
#if defined(__AVX512F__)
#define APICAL_REGISTER_WIDTH 8
#elif defined(__AVX__)
#define APICAL_REGISTER_WIDTH 4
#else
#define APICAL_REGISTER_WIDTH 2
#endif
#endif
constexpr std::size_t register_width = APICAL_REGISTER_WIDTH;
constexpr std::size_t register_count = register_width == 8 ? 32 : 16;

using NativeDoubles = double __attribute__((vector_size(8 * register_width)));
using NativeInts = decltype(NativeDoubles{} < NativeDoubles{});  // long or long long

template <class Native, std::size_t count>
struct Vector {
    Vector<Native, count / 2> low, high;
};
template <class Native>
struct Vector<Native, register_width> {
    Native of;
};
template <std::size_t count>
using Doubles = Vector<NativeDoubles, count>;
template <std::size_t count>
using Ints = Vector<NativeInts, count>;
using Register = Doubles<register_width>;
using Eight = Doubles<8>;

#define APICAL_INLINE [[gnu::always_inline]] inline
#define APICAL_LAMBDA __attribute__((always_inline))

// f(0), f(1), ..., f(count - 1), written out before anything is optimized: arrays that they index
// are registers then.
template <std::size_t count, class F>
APICAL_INLINE void repeat(F f) {
    [&]<std::size_t... k>(std::index_sequence<k...>) APICAL_LAMBDA { (f(k), ...); }
    (std::make_index_sequence<count>());
}

// f of each register of the vectors.
template <std::size_t count, class F, class... Natives>
APICAL_INLINE auto by_register(F f, Vector<Natives, count>... all)
    -> Vector<decltype(f(Natives{}...)), count> {
    if constexpr (count == register_width) {
        return {f(all.of...)};
    } else {
        return {by_register<count / 2>(f, all.low...), by_register<count / 2>(f, all.high...)};
    }
}

template <std::size_t count = 8>
APICAL_INLINE Doubles<count> load(const double* from) {
    if constexpr (count == register_width) {
        return {*reinterpret_cast<const NativeDoubles*>(from)};
    } else {
        return {load<count / 2>(from), load<count / 2>(from + count / 2)};
    }
}

template <std::size_t count>
APICAL_INLINE void store(double* to, Doubles<count> value) {
    if constexpr (count == register_width) {
        *reinterpret_cast<NativeDoubles*>(to) = value.of;
    } else {
        store<count / 2>(to, value.low);
        store<count / 2>(to + count / 2, value.high);
    }
}

// Register r of those that lie behind each other.
APICAL_INLINE Register load_register(const double* first, std::size_t r) {
    return load<register_width>(first + r * register_width);
}
APICAL_INLINE void store_register(double* first, std::size_t r, Register value) {
    store(first + r * register_width, value);
}

template <std::size_t count = 8>
APICAL_INLINE Doubles<count> broadcast(double x) {
    if constexpr (count == register_width) {
        return {x - NativeDoubles{}};  // x - 0 is x, also for -0
    } else {
        const Doubles<count / 2> half = broadcast<count / 2>(x);
        return {half, half};
    }
}

#define APICAL_OPERATOR(sign)                                                                   \
    template <std::size_t count>                                                                \
    APICAL_INLINE Doubles<count> operator sign(Doubles<count> a, Doubles<count> b) {            \
        return by_register<count>([](NativeDoubles x, NativeDoubles y) { return x sign y; }, a, \
                                  b);                                                           \
    }                                                                                           \
    template <std::size_t count>                                                                \
    APICAL_INLINE Doubles<count> operator sign(Doubles<count> a, double b) {                    \
        return a sign broadcast<count>(b);                                                      \
    }                                                                                           \
    template <std::size_t count>                                                                \
    APICAL_INLINE Doubles<count> operator sign(double a, Doubles<count> b) {                    \
        return broadcast<count>(a) sign b;                                                      \
    }
APICAL_OPERATOR(+)
APICAL_OPERATOR(-)
APICAL_OPERATOR(*)
APICAL_OPERATOR(/)
#undef APICAL_OPERATOR

template <std::size_t count>
APICAL_INLINE Doubles<count> operator-(Doubles<count> a) {
    return by_register<count>([](NativeDoubles x) { return -x; }, a);
}

// All bits of a lane where the comparison holds, none where it does not or an operand is NaN.
template <std::size_t count>
APICAL_INLINE Ints<count> operator<(Doubles<count> a, double b) {
    return by_register<count>([](NativeDoubles x, NativeDoubles y) { return x < y; }, a,
                              broadcast<count>(b));
}
template <std::size_t count>
APICAL_INLINE Ints<count> operator>(Doubles<count> a, double b) {
    return by_register<count>([](NativeDoubles x, NativeDoubles y) { return x > y; }, a,
                              broadcast<count>(b));
}
template <std::size_t count>
APICAL_INLINE Doubles<count> select(Ints<count> mask, Doubles<count> yes, Doubles<count> no) {
    return by_register<count>(
        [](NativeInts m, NativeDoubles y, NativeDoubles n) { return m ? y : n; }, mask, yes, no);
}

// a b + c, rounded once where the processor can. With APICAL_STRICT it is rounded twice, as on
// every processor.
template <std::size_t count>
APICAL_INLINE Doubles<count> multiply_add(Doubles<count> a, Doubles<count> b, Doubles<count> c) {
    return by_register<count>(
        [](NativeDoubles x, NativeDoubles y, NativeDoubles z) -> NativeDoubles {
#if defined(APICAL_STRICT) || !defined(__FMA__)
            return x * y + z;
#elif APICAL_REGISTER_WIDTH == 8 && defined(__AVX512F__)
            return _mm512_fmadd_pd(x, y, z);
#elif APICAL_REGISTER_WIDTH == 4
            return _mm256_fmadd_pd(x, y, z);
#else
            NativeDoubles sum = {};
            for (std::size_t k = 0; k < register_width; ++k)
                sum[k] = __builtin_fma(x[k], y[k], z[k]);
            return sum;
#endif
        },
        a, b, c);
}

// Half of eight lanes, in one register or two.
#if APICAL_REGISTER_WIDTH == 8
struct Four {
    double of __attribute__((vector_size(32)));
};
APICAL_INLINE Four operator+(Four a, Four b) { return {a.of + b.of}; }
APICAL_INLINE Four operator*(Four a, Four b) { return {a.of * b.of}; }
APICAL_INLINE Four multiply_add(Four a, Four b, Four c) {
#if defined(APICAL_STRICT) || !defined(__FMA__)
    return {a.of * b.of + c.of};
#else
    return {_mm256_fmadd_pd(a.of, b.of, c.of)};
#endif
}
APICAL_INLINE Four all_four(double x) { return {x - decltype(Four::of){}}; }
APICAL_INLINE Four load_four(const double* from) {
    return {*reinterpret_cast<const decltype(Four::of)*>(from)};
}
APICAL_INLINE void store_four(double* to, Four x) {
    *reinterpret_cast<decltype(Four::of)*>(to) = x.of;
}
#else
using Four = Doubles<4>;
APICAL_INLINE Four all_four(double x) { return broadcast<4>(x); }
APICAL_INLINE Four load_four(const double* from) { return load<4>(from); }
APICAL_INLINE void store_four(double* to, Four x) { store<4>(to, x); }
#endif

// Lanes are added half to half: lane 0 to lane 4, of the sums lane 0 to lane 2, then 0 to 1.
APICAL_INLINE Four sum_of_halves(Eight x) {
#if APICAL_REGISTER_WIDTH == 8
    return {__builtin_shufflevector(x.of, x.of, 0, 1, 2, 3) +
            __builtin_shufflevector(x.of, x.of, 4, 5, 6, 7)};
#else
    return x.low + x.high;
#endif
}

// Lane k of the result is the sum of the lanes of s[k].
APICAL_INLINE Four lane_sums(const Four (&s)[4]) {
#if APICAL_REGISTER_WIDTH == 2
    const auto two = [](NativeDoubles a, NativeDoubles b) APICAL_LAMBDA {
        return __builtin_shufflevector(a, b, 0, 2) + __builtin_shufflevector(a, b, 1, 3);
    };
    const Register a = s[0].low + s[0].high, b = s[1].low + s[1].high, c = s[2].low + s[2].high,
                   d = s[3].low + s[3].high;
    return {{two(a.of, b.of)}, {two(c.of, d.of)}};
#else
    const auto two = [](auto a, auto b) APICAL_LAMBDA {  // a0 + a2, a1 + a3, b0 + b2, b1 + b3
        return __builtin_shufflevector(a, b, 0, 1, 4, 5) +
               __builtin_shufflevector(a, b, 2, 3, 6, 7);
    };
    const auto ac = two(s[0].of, s[2].of), bd = two(s[1].of, s[3].of);
    return {__builtin_shufflevector(ac, bd, 0, 4, 2, 6) +
            __builtin_shufflevector(ac, bd, 1, 5, 3, 7)};
#endif
}
// The sum of the lanes, added in the same order.
APICAL_INLINE double lane_sum(Eight sum) {
    const Four half = sum_of_halves(sum);
    using Two = double __attribute__((vector_size(16)));
#if APICAL_REGISTER_WIDTH == 2
    const Two two = half.low.of + half.high.of;
#else
    const Two two = __builtin_shufflevector(half.of, half.of, 0, 1) +
                    __builtin_shufflevector(half.of, half.of, 2, 3);
#endif
    return two[0] + two[1];
}

// exp(y) = power (1 + small) for |y| <= 708, where 2^k is a normal number: y = k ln 2 + r with |r|
// <= ln(2) / 2, power = 2^k, and small = exp(r) - 1 by its Taylor series to the 13th power (the
// next term is below 2e-17 of it).
template <std::size_t count>
struct Exponential {
    Doubles<count> power, small, k;
};
template <std::size_t count>
APICAL_INLINE Exponential<count> exponential_of(Doubles<count> y) {
    constexpr double to_integer =
        6755399441055744.0;  // 1.5 * 2^52: adding it rounds to a whole number
    // ln 2 in two parts, the first with 32 trailing zero bits, so that k times it is exact (Cody
    // and Waite 1980).
    constexpr double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
    const Doubles<count> shifted =
        multiply_add(y, broadcast<count>(1.4426950408889634), broadcast<count>(to_integer));
    const Doubles<count> k = shifted - to_integer;
    const Doubles<count> r = multiply_add(-k, broadcast<count>(ln2_low),
                                          multiply_add(-k, broadcast<count>(ln2_high), y));
    constexpr double inverse_factorial[] = {1.0 / 2,        1.0 / 6,         1.0 / 24,
                                            1.0 / 120,      1.0 / 720,       1.0 / 5040,
                                            1.0 / 40320,    1.0 / 362880,    1.0 / 3628800,
                                            1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800.0};
    // Estrin's scheme: short chains of dependent products.
    const auto pair = [&](std::size_t i) {
        return multiply_add(r, broadcast<count>(inverse_factorial[2 * i + 1]),
                            broadcast<count>(inverse_factorial[2 * i]));
    };
    const Doubles<count> r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
    const Doubles<count> low = multiply_add(r2, pair(1), pair(0)),
                         middle = multiply_add(r2, pair(3), pair(2)),
                         high = multiply_add(r2, pair(5), pair(4));
    const Doubles<count> series = multiply_add(r8, high, multiply_add(r4, middle, low));
    const Doubles<count> power = by_register<count>(
        [](NativeDoubles x) {
            return reinterpret_cast<NativeDoubles>((reinterpret_cast<NativeInts>(x) + 1023) << 52);
        },
        shifted);
    return {power, multiply_add(r2, series, r), k};
}

// exp(y) for y <= 0; 0 below the smallest normal number.
template <std::size_t count>
APICAL_INLINE Doubles<count> exp_of(Doubles<count> y) {
    constexpr double lowest = -708.0;
    const Exponential<count> e = exponential_of(select(y < lowest, broadcast<count>(lowest), y));
    return select(y < lowest, Doubles<count>{}, multiply_add(e.power, e.small, e.power));
}

template <std::size_t count>
APICAL_INLINE Doubles<count> size_of(Doubles<count> x) {
    return by_register<count>(
        [](NativeDoubles one) {
            return reinterpret_cast<NativeDoubles>(reinterpret_cast<NativeInts>(one) & INT64_MAX);
        },
        x);
}
template <std::size_t count>
APICAL_INLINE Doubles<count> with_sign_of(Doubles<count> sign, Doubles<count> size) {
    return by_register<count>(
        [](NativeDoubles s, NativeDoubles x) {
            return reinterpret_cast<NativeDoubles>(reinterpret_cast<NativeInts>(x) |
                                                   (reinterpret_cast<NativeInts>(s) & INT64_MIN));
        },
        sign, size);
}

// tanh(x) within 0.91 units in the last place, from |x| so that it is odd to the bit; NaN stays
// NaN. Below 0.625 the eighth convergent of Lambert's continued fraction (1761), x - x z P(z) /
// Q(z) with z = x^2, which is off by 5e-18. Above, 1 - 2 / (e^2x + 1), to which the rounding errors
// of e^2x + 1 and of 1 - 2 / (e^2x + 1) are added again: the first is exact, since the power is one
// of two. Both share the division.
template <std::size_t count>
APICAL_INLINE Doubles<count> tanh_of(Doubles<count> x) {
    const Doubles<count> size = size_of(x);
    const Doubles<count> bounded =
        select(size > 20.0, broadcast<count>(20.0), size);  // tanh(20) is 1 in double
    const auto is_small = bounded < 0.625;
    const auto add = [](Doubles<count> a, Doubles<count> b, double c) {
        return multiply_add(a, b, broadcast<count>(c));
    };
    const Doubles<count> z = bounded * bounded;  // by Horner's scheme: Estrin's costs 0.13 units
    const Doubles<count> P = add(z, add(z, 594.0 + z, 45045.0), 675675.0);
    const Doubles<count> Q = add(z, add(z, add(z, 630.0 + z, 51975.0), 945945.0), 2027025.0);
    const Exponential<count> e = exponential_of(bounded + bounded);
    const Doubles<count> one_more = e.power + 1.0, sum = multiply_add(e.power, e.small, one_more),
                         lost_of_sum = multiply_add(e.power, e.small, one_more - sum);
    const Doubles<count> q =
        select(is_small, z * P, broadcast<count>(2.0)) / select(is_small, Q, sum);
    const Doubles<count> near_zero = multiply_add(-bounded, q, bounded);
    const Doubles<count> u = 1.0 - q, lost_of_u = (1.0 - u) - q;
    const Doubles<count> far = u + multiply_add(q * q, 0.5 * lost_of_sum, lost_of_u);
    return with_sign_of(x, select(is_small, near_zero, far));
}

}  // namespace
}  // namespace apical

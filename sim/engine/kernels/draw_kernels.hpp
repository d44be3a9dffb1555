#pragma once

#include "sim/engine/kernels/full_range.hpp"
#include "sim/engine/kernels/lanewise.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

// Draws of noise, several at a time, from the words of a stream (sim/numbers/random.hpp): a counter
// is {index, 0, step, high half of the step}, the key {seed, name}. In an unnamed namespace, as
// vector_math.hpp is.
//
// Every product and sum is rounded by itself and no function is a library's, so that all kernels
// give the same bits, strict or fused: noise is the same on every processor. Words, and what is
// made of them by scaling, are those of Stream to the bit; normal draws are within a few units in
// the last place of Box and Muller's.
namespace apical {
namespace {

template <std::size_t count>
using Words = Vector<NativeWords, count>;

// The product of the low halves of each lane.
APICAL_INLINE NativeWords product_of_halves(NativeWords a, NativeWords b) {
#if APICAL_REGISTER_WIDTH == 8 && defined(__AVX512F__)
    return reinterpret_cast<NativeWords>(
        _mm512_maskz_mul_epu32(0xff, reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
#elif APICAL_REGISTER_WIDTH == 4 && defined(__AVX2__)
    return reinterpret_cast<NativeWords>(
        _mm256_mul_epu32(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
#elif APICAL_REGISTER_WIDTH == 2 && defined(__SSE2__)
    return reinterpret_cast<NativeWords>(
        _mm_mul_epu32(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b)));
#else
    return (a & 0xffffffff) * (b & 0xffffffff);
#endif
}

// The numbers first, first + 1, ...
template <std::size_t count>
APICAL_INLINE Words<count> from_on(std::uint64_t first) {
    if constexpr (count == register_width) {
        Words<count> all = {};
        repeat<count>([&](std::size_t k) APICAL_LAMBDA { all.of[k] = first + k; });
        return all;
    } else {
        return {from_on<count / 2>(first), from_on<count / 2>(first + count / 2)};
    }
}

// Two words of 64 bits for each index: Philox4x32-10 (Salmon et al. 2011), each of whose four words
// has a lane of its own. High halves of lanes hold what no product reads.
template <std::size_t count>
struct Drawn {
    Words<count> first, second;
};
template <std::size_t count>
APICAL_INLINE Drawn<count> philox(const NoiseDraws& draws, std::uint64_t index) {
    constexpr std::uint64_t low = 0xffffffff;
    NativeWords key_a = NativeWords{} + draws.seed, key_b = NativeWords{} + draws.name;
    Words<count> a = from_on<count>(index), b = {},
                 c = by_register<count>([&](NativeWords) { return NativeWords{} + draws.step; }, a),
                 d = by_register<count>([](NativeWords x) { return x >> 32; }, c);
    const auto mixed = [](NativeWords key) APICAL_LAMBDA {
        return [key](NativeWords product, NativeWords word)
                   APICAL_LAMBDA { return (product >> 32) ^ word ^ key; };
    };
    repeat<10>([&](std::size_t) APICAL_LAMBDA {
        const auto of = [](std::uint64_t factor, Words<count> word) APICAL_LAMBDA {
            return by_register<count>(
                [factor](NativeWords x)
                    APICAL_LAMBDA { return product_of_halves(x, NativeWords{} + factor); },
                word);
        };
        const Words<count> of_a = of(0xd2511f53, a), of_c = of(0xcd9e8d57, c);
        a = by_register<count>(mixed(key_a), of_c, b);
        c = by_register<count>(mixed(key_b), of_a, d);
        b = of_c;
        d = of_a;
        key_a = (key_a + 0x9e3779b9) & low;
        key_b = (key_b + 0xbb67ae85) & low;
    });
    const auto together = [](NativeWords x, NativeWords y)
                              APICAL_LAMBDA { return (x & low) | (y << 32); };
    return {by_register<count>(together, a, b), by_register<count>(together, c, d)};
}

// (k + 1/2) 2^-52 with k of the highest 52 bits.
template <std::size_t count>
APICAL_INLINE Doubles<count> between_zero_and_one(Words<count> words) {
    return by_register<count>(
        [](NativeWords x) APICAL_LAMBDA {
            constexpr std::uint64_t whole = 0x4330000000000000;  // 2^52: k stands in the last bits
            const auto k = reinterpret_cast<NativeDoubles>((x >> 12) | whole) - 0x1p52;
            return (k + 0.5) * 0x1p-52;
        },
        words);
}

// log(u) for 0 < u < 1, a normal number, as log_all makes it.
APICAL_INLINE NativeDoubles log_below_one(NativeDoubles u) {
    constexpr double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
    constexpr std::uint64_t one = 0x3ff0000000000000, root_of_half = 0x3fe6a09e667f3bcd,
                            fraction = 0x000fffffffffffff, whole = 0x4330000000000000;  // 2^52
    const NativeWords moved = reinterpret_cast<NativeWords>(u) + (one - root_of_half);
    const auto k = reinterpret_cast<NativeDoubles>((moved >> 52) | whole) - (0x1p52 + 1023.0);
    const auto m = reinterpret_cast<NativeDoubles>((moved & fraction) + root_of_half);
    const NativeDoubles f = m - 1.0, s = f / (f + 2.0), z = s * s, half = 0.5 * f * f;
    constexpr double terms[] = {2.0 / 21, 2.0 / 19, 2.0 / 17, 2.0 / 15, 2.0 / 13,
                                2.0 / 11, 2.0 / 9,  2.0 / 7,  2.0 / 5,  2.0 / 3};
    NativeDoubles R = NativeDoubles{} + 2.0 / 23;
    repeat<10>([&](std::size_t i) APICAL_LAMBDA { R = z * R + terms[i]; });
    return k * ln2_high + (f - (half - (s * (half + z * R) + k * ln2_low)));
}

// cos(2 pi u) for 0 < u < 1 is sin(y) with y = 2 pi (|u - 1/2| - 1/4), of which all but the product
// is exact: by its Taylor series to the 21st power (the next term is below 2e-18).
APICAL_INLINE NativeDoubles cosine_of_turn(NativeDoubles u) {
    const NativeDoubles from_half = u - 0.5;
    const auto size =
        reinterpret_cast<NativeDoubles>(reinterpret_cast<NativeInts>(from_half) & INT64_MAX);
    const NativeDoubles y = (size - 0.25) * 6.283185307179586, z = y * y;
    constexpr double terms[] = {-1.0 / 121645100408832000,
                                1.0 / 355687428096000,
                                -1.0 / 1307674368000,
                                1.0 / 6227020800,
                                -1.0 / 39916800,
                                1.0 / 362880,
                                -1.0 / 5040,
                                1.0 / 120,
                                -1.0 / 6};
    NativeDoubles P = NativeDoubles{} + 1.0 / 51090942171709440000.0;
    repeat<9>([&](std::size_t i) APICAL_LAMBDA { P = z * P + terms[i]; });
    return y + y * (z * P);
}

template <std::size_t count>
APICAL_INLINE Doubles<count> root_of(Doubles<count> x) {
    return by_register<count>(
        [](NativeDoubles value) APICAL_LAMBDA {
            NativeDoubles root = {};
            for (std::size_t k = 0; k < register_width; ++k) root[k] = __builtin_sqrt(value[k]);
            return root;
        },
        x);
}

// What is made of the draws of some indices, before it is multiplied by the deviation.
struct Normal {
    template <std::size_t count>
    APICAL_INLINE static Doubles<count> of(const NoiseDraws& draws, std::uint64_t index) {
        const Drawn<count> drawn = philox<count>(draws, index);
        const Doubles<count> square = by_register<count>(
            [](NativeDoubles u) APICAL_LAMBDA { return -2.0 * log_below_one(u); },
            between_zero_and_one<count>(drawn.first));
        return root_of<count>(square) *
               by_register<count>([](NativeDoubles u) APICAL_LAMBDA { return cosine_of_turn(u); },
                                  between_zero_and_one<count>(drawn.second));
    }
};
struct Uniform {
    template <std::size_t count>
    APICAL_INLINE static Doubles<count> of(const NoiseDraws& draws, std::uint64_t index) {
        return 2.0 * between_zero_and_one<count>(philox<count>(draws, index).first) - 1.0;
    }
};
// A uniform number below p is, over p, a uniform number.
struct Sparse {
    template <std::size_t count>
    APICAL_INLINE static Doubles<count> of(const NoiseDraws& draws, std::uint64_t index) {
        const double p = draws.probability;
        const Doubles<count> u = between_zero_and_one<count>(philox<count>(draws, index).first);
        return select(u < p, 2.0 * (u / p) - 1.0, Doubles<count>{});
    }
};

// Two registers at a time, which do not wait for each other, and then one vector of eight.
template <class Made>
void draw(const NoiseDraws& draws, double* out) {
    constexpr std::size_t together = register_width == 8 ? 16 : 8;
    const std::size_t used = draws.count;
    std::size_t i = 0;
    for (; i + together <= used; i += together)
        store(out + i,
              broadcast<together>(draws.deviation) * Made::template of<together>(draws, i));
    for (; i < used; i += width) {
        const Eight some = broadcast(draws.deviation) * Made::template of<width>(draws, i);
        store(out + i, used - i < width ? without_pads(some, used - i) : some);
    }
}

}  // namespace
}  // namespace apical

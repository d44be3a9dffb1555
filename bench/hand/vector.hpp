// One register of doubles and what can be done with it, by the intrinsics of the instruction set
// that the file is built for. What is measured against the kernels shares nothing with them.
#pragma once

#include <immintrin.h>

#include <cstddef>

namespace hand {
namespace {

#if defined(__AVX512F__)

using Vector = __m512d;
using Mask = __mmask8;
constexpr std::size_t width = 8;

inline Vector load(const double* from) { return _mm512_load_pd(from); }
inline void store(double* to, Vector v) { _mm512_store_pd(to, v); }
inline Vector all(double x) { return _mm512_set1_pd(x); }
inline Vector fma(Vector a, Vector b, Vector c) { return _mm512_fmadd_pd(a, b, c); }
inline Vector fnma(Vector a, Vector b, Vector c) { return _mm512_fnmadd_pd(a, b, c); }
inline Vector smaller(Vector a, Vector b) { return _mm512_min_pd(a, b); }
inline Vector larger(Vector a, Vector b) { return _mm512_max_pd(a, b); }
inline Vector root_of(Vector v) { return _mm512_sqrt_pd(v); }
inline Mask less(Vector a, Vector b) { return _mm512_cmp_pd_mask(a, b, _CMP_LT_OQ); }
inline Vector select(Mask mask, Vector yes, Vector no) {
    return _mm512_mask_blend_pd(mask, no, yes);
}
inline Vector sign_of(Vector v) { return _mm512_and_pd(v, all(-0.0)); }
inline Vector without_sign(Vector v) { return _mm512_andnot_pd(all(-0.0), v); }
inline Vector with_sign(Vector v, Vector sign) { return _mm512_or_pd(v, sign); }
// 2^k of 1.5 2^52 + k.
inline Vector power_of_two(Vector shifted) {
    const __m512i k = _mm512_add_epi64(_mm512_castpd_si512(shifted), _mm512_set1_epi64(1023));
    return _mm512_castsi512_pd(_mm512_slli_epi64(k, 52));
}
// 1 where a bit is set, else -1, of 8 bits from the lowest.
inline Vector signs_of(unsigned long long bits) {
    const __m512i places = _mm512_set_epi64(56, 57, 58, 59, 60, 61, 62, 63);
    const __m512i at_top =
        _mm512_sllv_epi64(_mm512_set1_epi64(static_cast<long long>(~bits)), places);
    return _mm512_or_pd(_mm512_and_pd(_mm512_castsi512_pd(at_top), all(-0.0)), all(1.0));
}
inline double sum_of(Vector v) { return _mm512_reduce_add_pd(v); }
// Lane k is the sum of v[k].
inline Vector sums_of(const Vector* v) {
    const auto pairs = [&](std::size_t k) {
        return _mm512_add_pd(_mm512_unpacklo_pd(v[k], v[k + 1]),
                             _mm512_unpackhi_pd(v[k], v[k + 1]));
    };
    const auto quads = [](Vector a, Vector b) {
        return _mm512_add_pd(_mm512_shuffle_f64x2(a, b, 0x88), _mm512_shuffle_f64x2(a, b, 0xdd));
    };
    return quads(quads(pairs(0), pairs(2)), quads(pairs(4), pairs(6)));
}

#else

using Vector = __m256d;
using Mask = __m256d;
constexpr std::size_t width = 4;

inline Vector load(const double* from) { return _mm256_load_pd(from); }
inline void store(double* to, Vector v) { _mm256_store_pd(to, v); }
inline Vector all(double x) { return _mm256_set1_pd(x); }
inline Vector fma(Vector a, Vector b, Vector c) { return _mm256_fmadd_pd(a, b, c); }
inline Vector fnma(Vector a, Vector b, Vector c) { return _mm256_fnmadd_pd(a, b, c); }
inline Vector smaller(Vector a, Vector b) { return _mm256_min_pd(a, b); }
inline Vector larger(Vector a, Vector b) { return _mm256_max_pd(a, b); }
inline Vector root_of(Vector v) { return _mm256_sqrt_pd(v); }
inline Mask less(Vector a, Vector b) { return _mm256_cmp_pd(a, b, _CMP_LT_OQ); }
inline Vector select(Mask mask, Vector yes, Vector no) { return _mm256_blendv_pd(no, yes, mask); }
inline Vector sign_of(Vector v) { return _mm256_and_pd(v, all(-0.0)); }
inline Vector without_sign(Vector v) { return _mm256_andnot_pd(all(-0.0), v); }
inline Vector with_sign(Vector v, Vector sign) { return _mm256_or_pd(v, sign); }
inline Vector power_of_two(Vector shifted) {
    const __m256i k = _mm256_add_epi64(_mm256_castpd_si256(shifted), _mm256_set1_epi64x(1023));
    return _mm256_castsi256_pd(_mm256_slli_epi64(k, 52));
}
inline Vector signs_of(unsigned long long bits) {
    const __m256i places = _mm256_set_epi64x(60, 61, 62, 63);
    const __m256i at_top =
        _mm256_sllv_epi64(_mm256_set1_epi64x(static_cast<long long>(~bits)), places);
    return _mm256_or_pd(_mm256_and_pd(_mm256_castsi256_pd(at_top), all(-0.0)), all(1.0));
}
inline Vector sums_of(const Vector* v) {
    const Vector a = _mm256_hadd_pd(v[0], v[1]), b = _mm256_hadd_pd(v[2], v[3]);
    return _mm256_add_pd(_mm256_permute2f128_pd(a, b, 0x21), _mm256_blend_pd(a, b, 0b1100));
}
inline double sum_of(Vector v) {
    const __m128d half = _mm_add_pd(_mm256_castpd256_pd128(v), _mm256_extractf128_pd(v, 1));
    return _mm_cvtsd_f64(_mm_add_sd(half, _mm_unpackhi_pd(half, half)));
}

#endif

}  // namespace
}  // namespace hand

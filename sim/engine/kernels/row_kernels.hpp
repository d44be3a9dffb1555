#pragma once

#include <type_traits>

#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/kernels/vector_math.hpp"

// Kernels of matrices that are stored by rows: of each postsynaptic cell i the numbers of its
// synapses, one behind the other, and the presynaptic cells that they come from,
//
//     S_ij = matrix[k] with j = column[k],  start[i] <= k < start[i + 1].
//
// In an unnamed namespace, as vector_math.hpp is.
//
// The kernels take four synapses of a row at a time, wherever in memory they begin, and load their
// presynaptic numbers one by one: hardware gathers take 1.1 to 1.9 times as long in cache. The
// order of a sum is a definition, equal for all registers and any number of threads:
//   over a row (transmit, gather)  four partial sums, of the row's synapses 4 m, 4 m + 1, 4 m + 2
//                                  and 4 m + 3; a last group that lacks some adds 0 to their sums;
//                                  (first + second) + (third + fourth)
//   over rows (transmit_reverse)   synapse after synapse in their order, in blocks of rows that
//                                  row_blocks.cpp adds
// Changes have the expressions of the kernels of matrices in panels, and passes
// (row_pass_kernels.hpp) those of the single operations, as pass_kernels.hpp says under 1.
namespace apical {
namespace {

namespace by_rows {

#if APICAL_REGISTER_WIDTH == 2
APICAL_INLINE Four four_of(double a, double b, double c, double d) {
    return {{NativeDoubles{a, b}}, {NativeDoubles{c, d}}};
}
APICAL_INLINE double total_of(Four x) {
    return (x.low.of[0] + x.low.of[1]) + (x.high.of[0] + x.high.of[1]);
}
APICAL_INLINE Four load_loose(const double* from) {
    return four_of(from[0], from[1], from[2], from[3]);
}
APICAL_INLINE void store_loose(double* to, Four x) {
    to[0] = x.low.of[0];
    to[1] = x.low.of[1];
    to[2] = x.high.of[0];
    to[3] = x.high.of[1];
}
APICAL_INLINE double lane_of(Four x, std::size_t k) {
    return k < 2 ? x.low.of[k] : x.high.of[k - 2];
}
#else
using LooseDoubles = double __attribute__((vector_size(32), aligned(8)));  // begins anywhere
APICAL_INLINE Four four_of(double a, double b, double c, double d) {
    Four four;
    four.of = decltype(four.of){a, b, c, d};
    return four;
}
APICAL_INLINE double total_of(Four x) { return (x.of[0] + x.of[1]) + (x.of[2] + x.of[3]); }
APICAL_INLINE Four load_loose(const double* from) {
    Four four;
    four.of = *reinterpret_cast<const LooseDoubles*>(from);
    return four;
}
APICAL_INLINE void store_loose(double* to, Four x) { *reinterpret_cast<LooseDoubles*>(to) = x.of; }
APICAL_INLINE double lane_of(Four x, std::size_t k) { return x.of[k]; }
#endif

#if APICAL_REGISTER_WIDTH == 8
APICAL_INLINE Four higher_of(Four bound, Four x) { return {bound.of > x.of ? bound.of : x.of}; }
APICAL_INLINE Four lower_of(Four bound, Four x) { return {bound.of < x.of ? bound.of : x.of}; }
#else
// x where the bound is neither above nor, of lower_of, below it, and where it is no number.
APICAL_INLINE Four higher_of(Four bound, Four x) {
    return by_register<4>([](NativeDoubles b, NativeDoubles y) { return b > y ? b : y; }, bound, x);
}
APICAL_INLINE Four lower_of(Four bound, Four x) {
    return by_register<4>([](NativeDoubles b, NativeDoubles y) { return b < y ? b : y; }, bound, x);
}
#endif

APICAL_INLINE Four times(Four a, Four b) { return a * b; }
APICAL_INLINE Four add_product(Four a, Four b, Four c) { return multiply_add(a, b, c); }

APICAL_INLINE double add_product(double a, double b, double c) {
#if defined(APICAL_STRICT) || !defined(__FMA__)
    return a * b + c;
#else
    return __builtin_fma(a, b, c);
#endif
}

// The partial sums of a row.
struct Parts {
    double of[4] = {0.0, 0.0, 0.0, 0.0};
};
APICAL_INLINE Parts parts_of(Four x) {
    return {{lane_of(x, 0), lane_of(x, 1), lane_of(x, 2), lane_of(x, 3)}};
}
APICAL_INLINE double total_of(const Parts& x) { return (x.of[0] + x.of[1]) + (x.of[2] + x.of[3]); }

// Numbers of four synapses of a row (V is Four) or of one (double), and how they lie in memory.
template <class V>
APICAL_INLINE V alike(double x) {
    if constexpr (std::is_same_v<V, Four>)
        return all_four(x);
    else
        return x;
}
template <class V>
APICAL_INLINE V load_as(const double* from) {
    if constexpr (std::is_same_v<V, Four>)
        return load_loose(from);
    else
        return *from;
}
APICAL_INLINE void store_as(double* to, Four x) { store_loose(to, x); }
APICAL_INLINE void store_as(double* to, double x) { *to = x; }
template <class V>
APICAL_INLINE V collect_as(const double* x, const std::uint32_t* column) {
    if constexpr (std::is_same_v<V, Four>)
        return four_of(x[column[0]], x[column[1]], x[column[2]], x[column[3]]);
    else
        return x[*column];
}
APICAL_INLINE double times(double a, double b) { return a * b; }

// Up to four synapses of a row, the first `count` of a group; what is not there is 0 and is not
// stored. `count` is known where the group is whole.
APICAL_INLINE Four load_some(const double* from, std::size_t count) {
    if (count == 4) return load_loose(from);
    return four_of(from[0], count > 1 ? from[1] : 0.0, count > 2 ? from[2] : 0.0, 0.0);
}
APICAL_INLINE void store_some(double* to, Four x, std::size_t count) {
    if (count == 4) return store_loose(to, x);
    repeat<3>([&](std::size_t k) APICAL_LAMBDA {
        if (k < count) to[k] = lane_of(x, k);
    });
}
APICAL_INLINE Four collect(const double* x, const std::uint32_t* column, std::size_t count) {
    if (count == 4) return four_of(x[column[0]], x[column[1]], x[column[2]], x[column[3]]);
    return four_of(x[column[0]], count > 1 ? x[column[1]] : 0.0, count > 2 ? x[column[2]] : 0.0,
                   0.0);
}

// Calls group(k, how many) for each four synapses from `begin` to before `end`; the last group may
// have fewer.
template <class Group>
APICAL_INLINE void for_each_group(std::size_t begin, std::size_t end, Group group) {
    std::size_t k = begin;
    for (; k + 4 <= end; k += 4) group(k, std::size_t{4});
    if (k < end) group(k, end - k);
}

// ---- products

template <bool add>
void transmit(const Step& s) {
    for (std::size_t i = 0; i < s.rows; ++i) {
        Four sum = all_four(0.0);
        for_each_group(
            s.start[i], s.start[i + 1], [&](std::size_t k, std::size_t count) APICAL_LAMBDA {
                sum =
                    add_product(load_some(s.a + k, count), collect(s.b, s.column + k, count), sum);
            });
        s.out[i] = add ? s.out[i] + total_of(sum) : total_of(sum);
    }
}

void gather(const Step& s) {
    const Four one = all_four(1.0);
    for (std::size_t i = 0; i < s.rows; ++i) {
        Four sum = all_four(0.0);
        for_each_group(s.start[i], s.start[i + 1],
                       [&](std::size_t k, std::size_t count) APICAL_LAMBDA {
                           sum = add_product(load_some(s.a + k, count), one, sum);
                       });
        s.out[i] = total_of(sum);
    }
}

// The sums begin with 0, those of padded columns too.
APICAL_INLINE void clear_sums(double* out, std::size_t columns) {
    for (std::size_t j = 0; j < padded(columns); ++j) out[j] = 0.0;
}

// Whether so many cells fired that all rows are gone through sooner than the columns of these: a
// synapse of a column takes four times as long as one of a row, or eight times when the strengths
// lie in no near cache, since they are read and added in places without order.
APICAL_INLINE bool many_fired(const Step& s) {
    constexpr std::uint32_t near_synapses = 1'000'000;
    std::size_t fired = 0;
    for (std::size_t j = 0; j < s.columns; ++j) fired += s.b[j] != 0.0 ? 1 : 0;
    return fired * (s.start[s.columns] > near_synapses ? 8 : 4) > s.columns;
}

// Makes the bits of `transmit`, for x of 0 and 1: each synapse of a cell that fired is added to its
// partial sum, in the order of the row, and a synapse of any other would add 0.
template <bool add>
void transmit_fired(const Step& s) {
    if (s.conditional && many_fired(s)) return s.conditional->run(*s.conditional);
    double* const sums = s.scratch;
    for (std::size_t k = 0; k < 4 * s.rows; ++k) sums[k] = 0.0;
    for (std::size_t j = 0; j < s.columns; ++j) {
        if (s.b[j] == 0.0) continue;
        for (std::size_t k = s.start[j]; k < s.start[j + 1]; ++k) {
            double& sum = sums[s.column[2 * k]];
            sum = add_product(s.a[s.column[2 * k + 1]], s.b[j], sum);
        }
    }
    for (std::size_t i = 0; i < s.rows; ++i) {
        const double* const part = sums + 4 * i;
        const double total = (part[0] + part[1]) + (part[2] + part[3]);
        s.out[i] = add ? s.out[i] + total : total;
    }
}

template <bool add>
void transmit_reverse(const Step& s) {
    if (!add) clear_sums(s.out, s.columns);
    for (std::size_t i = 0; i < s.rows; ++i) {
        const double x = s.b[i];
        for (std::size_t k = s.start[i]; k < s.start[i + 1]; ++k) {
            double& sum = s.out[s.column[k]];
            sum = add_product(s.a[k], x, sum);
        }
    }
}

// ---- changes

// S_ij = change(S_ij, gain factors_i, number of the synapse, how many of a group, row).
template <class Change>
APICAL_INLINE void change_rows(const Step& s, double gain, Change change) {
    for (std::size_t i = 0; i < s.rows; ++i) {
        const Four post = all_four(gain * s.a[i]);
        for_each_group(s.start[i], s.start[i + 1],
                       [&](std::size_t k, std::size_t count) APICAL_LAMBDA {
                           const Four made = change(load_some(s.out + k, count), post, k, count, i);
                           store_some(s.out + k, made, count);
                       });
    }
}

template <class V>
APICAL_INLINE V renewed(V keep, V old, V post, V pre) {
    return add_product(post, pre, times(keep, old));
}

void hebb_add(const Step& s) {
    change_rows(
        s, s.gain,
        [&](Four old, Four post, std::size_t k, std::size_t count, std::size_t)
            APICAL_LAMBDA { return add_product(post, collect(s.b, s.column + k, count), old); });
}
void hebb_set(const Step& s) {
    change_rows(s, s.gain,
                [&](Four, Four post, std::size_t k, std::size_t count, std::size_t)
                    APICAL_LAMBDA { return times(post, collect(s.b, s.column + k, count)); });
}
APICAL_INLINE void hebb_keeping(const Step& s, double retain, double gain) {
    const Four keep = all_four(retain);
    change_rows(
        s, gain,
        [&](Four old, Four post, std::size_t k, std::size_t count, std::size_t)
            APICAL_LAMBDA { return renewed(keep, old, post, collect(s.b, s.column + k, count)); });
}
void hebb_decay(const Step& s) { hebb_keeping(s, s.retain, s.gain); }
void hebb_modulated(const Step& s) {
    hebb_keeping(s, s.retain * s.c[0], s.d ? s.gain * s.d[0] : s.gain);
}
void hebb_cellwise(const Step& s) {
    change_rows(
        s, s.gain,
        [&](Four old, Four post, std::size_t k, std::size_t count, std::size_t i) APICAL_LAMBDA {
            return renewed(all_four(s.c[i]), old, post, collect(s.b, s.column + k, count));
        });
}
void consolidate(const Step& s) {
    change_rows(s, s.gain,
                [&](Four old, Four post, std::size_t k, std::size_t count, std::size_t)
                    APICAL_LAMBDA { return add_product(post, load_some(s.b + k, count), old); });
}

}  // namespace by_rows

}  // namespace
}  // namespace apical

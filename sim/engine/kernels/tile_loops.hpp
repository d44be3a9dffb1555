#pragma once

#include "sim/engine/kernels/panels.hpp"
#include "sim/engine/kernels/tile_functions.hpp"
#include "sim/engine/kernels/tiles.hpp"

// The loops of register programs over tiles. In an unnamed namespace, as vector_math.hpp is.
//
// A loop is made of what it computes and of where its operands are, so that each is a plain loop
// over registers without a branch. Entries are independent of each other: a program has the same
// bits whatever the tiles and the width of a register are. Two rules:
//   - A product that is added is rounded once where the processor can, as multiply_add says; the
//     other product of a sum of two is rounded first.
//   - What is no number stays none, as in cells (formula_kernels.hpp).
namespace apical {
namespace {

namespace tile {

// Reads an operand for R eights of rows: rows and numbers stay in registers over all columns.
template <At at, std::size_t R>
struct Reader {
    APICAL_INLINE Reader(const double* numbers, std::size_t row) : from(numbers) {
        if constexpr (at == At::row)
            repeat<R>([&](std::size_t r) APICAL_LAMBDA { kept[r] = load(from + row + r * width); });
        if constexpr (at == At::number) kept[0] = broadcast(*from);
    }
    APICAL_INLINE void begin_column(std::size_t j) {
        if constexpr (at == At::column) kept[0] = broadcast(from[j]);
    }
    APICAL_INLINE Eight read(std::size_t entry, std::size_t r) const {
        if constexpr (at == At::entry) return load(from + entry + r * width);
        if constexpr (at == At::row) return kept[r];
        if constexpr (at == At::nothing) return Eight{};
        return kept[0];
    }
    const double* from;
    Eight kept[at == At::row ? R : 1];
};

// All operands of a loop, and what it makes of them.
template <class F, std::size_t R, At A, At B, At C, At D>
struct Readers {
    static constexpr std::size_t count =
        std::size_t{1} + (B != At::nothing) + (C != At::nothing) + (D != At::nothing);

    APICAL_INLINE Readers(LoopOperands in, std::size_t row)
        : a(in[0], row), b(in[1], row), c(in[2], row), d(in[3], row) {
        if constexpr (clips<F>) {
            low = broadcast(*in[count]);
            high = broadcast(*in[count + 1]);
        }
    }
    APICAL_INLINE void begin_column(std::size_t j) {
        a.begin_column(j);
        b.begin_column(j);
        c.begin_column(j);
        d.begin_column(j);
    }
    APICAL_INLINE Eight made(std::size_t entry, std::size_t r) const {
        const Eight value =
            F::of(a.read(entry, r), b.read(entry, r), c.read(entry, r), d.read(entry, r));
        if constexpr (clips_at_zero<F>) return between(low, high, value) + Eight{};
        if constexpr (clips<F>) return between(low, high, value);
        return value;
    }
    // Whether a bound is 0, so that -0 is to become 0 at it. Other bounds take one addition less.
    APICAL_INLINE static bool is_at_zero(LoopOperands in) {
        return *in[count] == 0.0 || *in[count + 1] == 0.0;
    }
    // A bound that is no number makes all entries none.
    APICAL_INLINE static bool is_bounded(LoopOperands in) {
        if constexpr (clips<F>) return *in[count] == *in[count] && *in[count + 1] == *in[count + 1];
        return true;
    }
    APICAL_INLINE static double none(LoopOperands in) {
        if constexpr (clips<F>) return *in[count] + *in[count + 1];
        return 0.0;
    }

    Reader<A, R> a;
    Reader<B, R> b;
    Reader<C, R> c;
    Reader<D, R> d;
    Eight low, high;
};

// R eights of rows from `row` on, column by column.
template <std::size_t R, class F, At A, At B, At C, At D>
APICAL_INLINE void go_through(double* out, LoopOperands in, std::size_t row, std::size_t height,
                              std::size_t columns) {
    Readers<F, R, A, B, C, D> operands(in, row);
    std::size_t entry = row;
    for (std::size_t j = 0; j < columns; ++j, entry += height) {
        operands.begin_column(j);
        repeat<R>([&](std::size_t r)
                      APICAL_LAMBDA { store(out + entry + r * width, operands.made(entry, r)); });
    }
}

template <class F, At A, At B = At::nothing, At C = At::nothing, At D = At::nothing>
void loop(double* out, LoopOperands in, std::size_t height, std::size_t columns) {
    constexpr std::size_t R = panel_rows / width;
    using All = Readers<F, R, A, B, C, D>;
    if constexpr (clips_at_zero<F>) {
        if (!All::is_at_zero(in))
            return loop<typename F::BesideZero, A, B, C, D>(out, in, height, columns);
    }
    if (!All::is_bounded(in)) {
        const double none = All::none(in);
        const double* const spread[most_loop_operands] = {&none};
        return loop<Spread, At::number>(out, spread, height, columns);
    }
    if (height == panel_rows) return go_through<R, F, A, B, C, D>(out, in, 0, height, columns);
    for (std::size_t row = 0; row < height; row += width)
        go_through<1, F, A, B, C, D>(out, in, row, height, columns);
}

// The loop over whole panels that keeps the sums of a product in registers: half a panel at a time
// where they and factors of rows do not fit, as a strip.
template <class F, At A, At B = At::nothing, At C = At::nothing, At D = At::nothing>
void multiplying_loop(double* out, LoopOperands in, std::size_t columns, const double* x,
                      double* sums) {
    constexpr bool has_rows = A == At::row || B == At::row || C == At::row || D == At::row;
    constexpr std::size_t all = panel_rows / width,
                          R = register_count == 32 || !has_rows ? all : all / 2;
    using All = Readers<F, R, A, B, C, D>;
    if constexpr (clips_at_zero<F>) {
        if (!All::is_at_zero(in))
            return multiplying_loop<typename F::BesideZero, A, B, C, D>(out, in, columns, x, sums);
    }
    if (!All::is_bounded(in)) {
        const double none = All::none(in);
        const double* const spread[most_loop_operands] = {&none};
        return multiplying_loop<Spread, At::number>(out, spread, columns, x, sums);
    }
    for (std::size_t row = 0; row < panel_rows; row += R * width) {
        All operands(in, row);
        Eight sum[R];
        repeat<R>([&](std::size_t r) APICAL_LAMBDA { sum[r] = load(sums + row + r * width); });
        std::size_t entry = row;
        for (std::size_t j = 0; j < columns; ++j, entry += panel_rows) {
            operands.begin_column(j);
            const Eight now = broadcast(x[j]);
            repeat<R>([&](std::size_t r) APICAL_LAMBDA {
                const Eight made = operands.made(entry, r);
                store(out + entry + r * width, made);
                sum[r] = multiply_add(made, now, sum[r]);
            });
        }
        repeat<R>([&](std::size_t r) APICAL_LAMBDA { store(sums + row + r * width, sum[r]); });
    }
}

template <class F, At A, At B = At::nothing, At C = At::nothing, At D = At::nothing>
constexpr LoopThatMultiplies that_multiplies() {
    return {loop<F, A, B, C, D>, multiplying_loop<F, A, B, C, D>};
}
template <class F, At A, At B = At::nothing, At C = At::nothing, At D = At::nothing>
constexpr LoopThatClips that_clips() {
    return {loop<F, A, B, C, D>, loop<Clipped<F>, A, B, C, D>};
}

}  // namespace tile

}  // namespace
}  // namespace apical

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

// ---- loops

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

// ---- tables of loops by where their operands are

constexpr bool can_join(At a, At b) {
    const bool both_ends = (a == At::row && b == At::column) || (a == At::column && b == At::row);
    return a == At::entry || b == At::entry || both_ends;
}

template <class F, At A, At B>
constexpr TileLoop join_or_none() {
    if constexpr (can_join(A, B)) {
        return loop<F, A, B>;
    } else {
        return nullptr;
    }
}
template <class F, At A>
constexpr void add_joins(TileLoop (&to)[at_count]) {
    to[0] = join_or_none<F, A, At::entry>();
    to[1] = join_or_none<F, A, At::row>();
    to[2] = join_or_none<F, A, At::column>();
    to[3] = join_or_none<F, A, At::number>();
}
template <class F>
constexpr void add_joins(TileLoop (&to)[at_count][at_count]) {
    add_joins<F, At::entry>(to[0]);
    add_joins<F, At::row>(to[1]);
    add_joins<F, At::column>(to[2]);
    add_joins<F, At::number>(to[3]);
}

constexpr At first_of(FactorsAt factors) {
    return factors == FactorsAt::row_column ? At::row : At::entry;
}
constexpr At second_of(FactorsAt factors) {
    return factors == FactorsAt::entries        ? At::entry
           : factors == FactorsAt::entry_row    ? At::row
           : factors == FactorsAt::entry_number ? At::number
                                                : At::column;
}

// of[k] = made(the k-th of the factors), as constants.
template <class Make>
constexpr void for_all_factors(Make make) {
    make.template operator()<FactorsAt::entries>();
    make.template operator()<FactorsAt::entry_row>();
    make.template operator()<FactorsAt::entry_column>();
    make.template operator()<FactorsAt::entry_number>();
    make.template operator()<FactorsAt::row_column>();
}

template <class F, FactorsAt factors>
constexpr void add_products(TileLoop (&to)[at_count]) {
    constexpr At a = first_of(factors), b = second_of(factors);
    to[0] = loop<F, a, b, At::entry>;
    to[1] = loop<F, a, b, At::row>;
    to[2] = loop<F, a, b, At::column>;
    to[3] = loop<F, a, b, At::number>;
}

// A strength that is kept or cut off, to which or from which something is added or taken.
constexpr At by_ij = At::entry, by_i = At::row, by_j = At::column, by_all = At::number;
template <class F, class Both, At A, At B, At C, At D = At::nothing>
constexpr LoopOfDifference of_difference() {
    return {loop<Subtract, A, B>, loop<F, At::entry, C, D>, loop<Both, A, B, C, D>};
}
constexpr LoopOfDifference loops_of_differences[] = {
    of_difference<Multiply, DifferenceTimes, by_ij, by_ij, by_ij>(),
    of_difference<Multiply, DifferenceTimes, by_all, by_ij, by_ij>(),
    of_difference<ProductAdded, DifferenceAdded, by_ij, by_ij, by_ij, by_ij>(),
    of_difference<ProductAdded, DifferenceAdded, by_ij, by_ij, by_i, by_ij>(),
    of_difference<ProductAdded, DifferenceAdded, by_ij, by_ij, by_all, by_ij>(),
    of_difference<ProductAdded, DifferenceAdded, by_all, by_ij, by_ij, by_ij>(),
    of_difference<ProductAdded, DifferenceAdded, by_all, by_ij, by_i, by_ij>(),
    of_difference<ProductTaken, DifferenceTaken, by_ij, by_ij, by_ij, by_ij>(),
    of_difference<ProductTaken, DifferenceTaken, by_ij, by_ij, by_all, by_ij>(),
};
constexpr LoopThatClips clipping_loops[] = {
    that_clips<ProductAdded, by_i, by_j, by_ij>(),
    that_clips<ProductAdded, by_ij, by_all, by_ij>(),
    that_clips<ProductAdded, by_ij, by_ij, by_ij>(),
    that_clips<ProductTaken, by_ij, by_all, by_ij>(),
    that_clips<SoftlyBounded, by_i, by_j, by_all, by_ij>(),
    that_clips<DifferenceAdded, by_all, by_ij, by_ij, by_ij>(),
    that_clips<DifferenceTaken, by_ij, by_ij, by_all, by_ij>(),
    that_clips<ProductsAdded, by_i, by_j, by_ij, by_all>(),
    that_clips<ProductsAdded, by_i, by_j, by_ij, by_i>(),
};
constexpr LoopThatMultiplies multiplying_loops[] = {
    that_multiplies<ProductAdded, by_ij, by_ij, by_ij>(),
    that_multiplies<ProductAdded, by_ij, by_i, by_ij>(),
    that_multiplies<ProductAdded, by_ij, by_j, by_ij>(),
    that_multiplies<ProductAdded, by_ij, by_all, by_ij>(),
    that_multiplies<ProductAdded, by_i, by_j, by_ij>(),
    that_multiplies<ProductTaken, by_ij, by_ij, by_ij>(),
    that_multiplies<ProductTaken, by_ij, by_i, by_ij>(),
    that_multiplies<ProductTaken, by_ij, by_all, by_ij>(),
    that_multiplies<ProductTaken, by_i, by_j, by_ij>(),
    that_multiplies<ProductsAdded, by_ij, by_i, by_ij, by_all>(),
    that_multiplies<ProductsAdded, by_ij, by_all, by_ij, by_all>(),
    that_multiplies<ProductsAdded, by_i, by_j, by_ij, by_all>(),
    that_multiplies<ProductsAdded, by_i, by_j, by_ij, by_i>(),
    that_multiplies<ProductsAdded, by_i, by_j, by_ij, by_ij>(),
    that_multiplies<SoftlyBounded, by_i, by_j, by_all, by_ij>(),
    that_multiplies<Clipped<SoftlyBounded>, by_i, by_j, by_all, by_ij>(),
    that_multiplies<DifferenceAdded, by_ij, by_ij, by_ij, by_ij>(),
    that_multiplies<DifferenceAdded, by_ij, by_ij, by_i, by_ij>(),
    that_multiplies<DifferenceAdded, by_ij, by_ij, by_all, by_ij>(),
    that_multiplies<DifferenceAdded, by_all, by_ij, by_ij, by_ij>(),
    that_multiplies<DifferenceTaken, by_ij, by_ij, by_all, by_ij>(),
    that_multiplies<Clipped<DifferenceAdded>, by_all, by_ij, by_ij, by_ij>(),
    that_multiplies<Clipped<DifferenceTaken>, by_ij, by_ij, by_all, by_ij>(),
    that_multiplies<Clipped<ProductAdded>, by_i, by_j, by_ij>(),
    that_multiplies<Clipped<ProductAdded>, by_ij, by_all, by_ij>(),
    that_multiplies<Clipped<ProductAdded>, by_ij, by_ij, by_ij>(),
    that_multiplies<Clipped<ProductTaken>, by_ij, by_all, by_ij>(),
    that_multiplies<Clipped<ProductsAdded>, by_i, by_j, by_ij, by_all>(),
    that_multiplies<Clipped<ProductsAdded>, by_i, by_j, by_ij, by_i>(),
    that_multiplies<Clipped<Spread>, by_ij>(),
    that_multiplies<Add, by_ij, by_ij>(),
    that_multiplies<Subtract, by_ij, by_ij>(),
    that_multiplies<Multiply, by_ij, by_ij>(),
    that_multiplies<Minimum, by_ij, by_all>(),
    that_multiplies<Maximum, by_ij, by_all>(),
};

constexpr TileLoops all_loops() {
    TileLoops all = {};
    all.spread[0] = loop<Spread, At::entry>;
    all.spread[1] = loop<Spread, At::row>;
    all.spread[2] = loop<Spread, At::column>;
    all.spread[3] = loop<Spread, At::number>;
    const auto function = [&](FormulaCall f) -> TileLoop& {
        return all.function[static_cast<std::size_t>(f)];
    };
    function(FormulaCall::absolute) = loop<Absolute, At::entry>;
    function(FormulaCall::sign) = loop<Sign, At::entry>;
    function(FormulaCall::step) = loop<StepOf, At::entry>;
    function(FormulaCall::root) = loop<Root, At::entry>;
    function(FormulaCall::exponential) = loop<Exponential, At::entry>;
    function(FormulaCall::logarithm) = loop<Logarithm, At::entry>;
    function(FormulaCall::tanh) = loop<Tanh, At::entry>;
    function(FormulaCall::logistic) = loop<Logistic, At::entry>;
    function(FormulaCall::rectified) = loop<Rectified, At::entry>;
    const auto joins = [&](FormulaCall f) -> auto& {
        return all.join[static_cast<std::size_t>(f)];
    };
    add_joins<Add>(joins(FormulaCall::add));
    add_joins<Subtract>(joins(FormulaCall::subtract));
    add_joins<Multiply>(joins(FormulaCall::multiply));
    add_joins<Divide>(joins(FormulaCall::divide));
    add_joins<Minimum>(joins(FormulaCall::minimum));
    add_joins<Maximum>(joins(FormulaCall::maximum));
    for_all_factors([&]<FactorsAt one>() {
        constexpr auto k = static_cast<std::size_t>(one);
        add_products<ProductAdded, one>(all.product_added[k]);
        add_products<ProductTaken, one>(all.product_taken[k]);
        for_all_factors([&]<FactorsAt other>() {
            all.products_added[k][static_cast<std::size_t>(other)] =
                loop<ProductsAdded, first_of(one), second_of(one), first_of(other),
                     second_of(other)>;
        });
    });
    all.select = loop<Select, At::entry, At::entry, At::entry>;
    all.clip = loop<Clipped<Spread>, At::entry>;
    all.multiplying = multiplying_loops;
    all.multiplying_count = sizeof multiplying_loops / sizeof multiplying_loops[0];
    all.of_differences = loops_of_differences;
    all.of_differences_count = sizeof loops_of_differences / sizeof loops_of_differences[0];
    all.soft_bound = {loop<Multiply, by_i, by_j>,
                      loop<DifferenceAdded, by_all, by_ij, by_ij, by_ij>,
                      loop<SoftlyBounded, by_i, by_j, by_all, by_ij>};
    all.clipping = clipping_loops;
    all.clipping_count = sizeof clipping_loops / sizeof clipping_loops[0];
    return all;
}

}  // namespace tile

}  // namespace
}  // namespace apical

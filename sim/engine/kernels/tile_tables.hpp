#pragma once

#include "sim/engine/kernels/tile_loops.hpp"

// The tables of the loops of register programs. In an unnamed namespace, as vector_math.hpp is.
namespace apical {
namespace {

namespace tile {

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
constexpr LoopsTogether loops_together[] = {
    {loop<Sign, by_ij>, loop<ProductTaken, by_ij, by_all, by_ij>,
     loop<SignTaken, by_ij, by_all, by_ij>, 0, most_loop_operands},
    {loop<Multiply, by_i, by_j>, loop<SignTaken, by_ij, by_all, by_ij>,
     loop<SignTakenFromProduct, by_i, by_j, by_ij, by_all>, 2, most_loop_operands},
    {loop<SignTakenFromProduct, by_i, by_j, by_ij, by_all>, loop<Add, by_ij, by_ij>,
     loop<Shrinking, by_i, by_j, by_ij, by_all>, 1, 2},
};
constexpr LoopThatClips clipping_loops[] = {
    that_clips<ProductAdded, by_i, by_j, by_ij>(),
    that_clips<ProductAdded, by_ij, by_all, by_ij>(),
    that_clips<ProductAdded, by_ij, by_ij, by_ij>(),
    that_clips<ProductTaken, by_ij, by_all, by_ij>(),
    that_clips<SoftlyBounded, by_i, by_j, by_all, by_ij>(),
    that_clips<Shrinking, by_i, by_j, by_ij, by_all>(),
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
    that_multiplies<Shrinking, by_i, by_j, by_ij, by_all>(),
    that_multiplies<Clipped<Shrinking>, by_i, by_j, by_ij, by_all>(),
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
    all.together = loops_together;
    all.together_count = sizeof loops_together / sizeof loops_together[0];
    all.clipping = clipping_loops;
    all.clipping_count = sizeof clipping_loops / sizeof clipping_loops[0];
    return all;
}

}  // namespace tile

}  // namespace
}  // namespace apical

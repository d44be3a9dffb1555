#pragma once

#include "sim/engine/kernels/formula_kernels.hpp"
#include "sim/engine/kernels/panels.hpp"
#include "sim/engine/kernels/tiles.hpp"

// The loops of register programs over tiles, and the way through a matrix by tiles. In an unnamed
// namespace, as vector_math.hpp is.
//
// A loop is made of what it computes and of where its operands are, so that each is a plain loop
// over registers without a branch. Entries are independent of each other: a program has the same
// bits whatever the tiles and the width of a register are. Three rules:
//   - A product that is added is rounded once where the processor can, as multiply_add says; the
//     other product of a sum of two is rounded first.
//   - What is no number stays none, as in cells (formula_kernels.hpp).
//   - Rows behind the last one hold whatever a formula makes of zeros, until the panel's tiles are
//     done: then they are cleared.
namespace apical {
namespace {

// ---- what is computed

namespace tile {

struct Spread {
    APICAL_INLINE static Eight of(Eight a, Eight, Eight, Eight) { return a; }
};
struct Absolute {
    APICAL_INLINE static Eight of(Eight a, Eight, Eight, Eight) { return size_of(a); }
};
struct Sign {
    APICAL_INLINE static Eight of(Eight a, Eight, Eight, Eight) {
        return by_sign(a, broadcast(1.0), a, broadcast(-1.0));
    }
};
struct StepOf {
    APICAL_INLINE static Eight of(Eight a, Eight, Eight, Eight) {
        return by_sign(a, broadcast(1.0), Eight{}, Eight{});
    }
};
struct Root {
    APICAL_INLINE static Eight of(Eight a, Eight, Eight, Eight) { return root_all(a); }
};
struct Exponential {
    APICAL_INLINE static Eight of(Eight a, Eight, Eight, Eight) { return exp_all(a); }
};
struct Logarithm {
    APICAL_INLINE static Eight of(Eight a, Eight, Eight, Eight) { return log_all(a); }
};
struct Tanh {
    APICAL_INLINE static Eight of(Eight a, Eight, Eight, Eight) { return tanh_of(a); }
};
struct Logistic {
    APICAL_INLINE static Eight of(Eight a, Eight, Eight, Eight) { return logistic_all(a); }
};
struct Rectified {
    APICAL_INLINE static Eight of(Eight a, Eight, Eight, Eight) {
        return select(a < 0.0, Eight{}, a);
    }
};

struct Add {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight, Eight) { return a + b; }
};
struct Subtract {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight, Eight) { return a - b; }
};
struct Multiply {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight, Eight) { return a * b; }
};
struct Divide {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight, Eight) { return a / b; }
};
struct Minimum {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight, Eight) { return smaller_of(a, b); }
};
struct Maximum {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight, Eight) { return larger_of(a, b); }
};

struct ProductAdded {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight c, Eight) {
        return multiply_add(a, b, c);
    }
};
struct ProductTaken {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight c, Eight) {
        return multiply_add(-a, b, c);
    }
};
struct ProductsAdded {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight c, Eight d) {
        return multiply_add(a, b, c * d);
    }
};
struct Select {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight c, Eight) { return by_sign(a, b, c, c); }
};
struct Clip {
    APICAL_INLINE static Eight of(Eight a, Eight b, Eight c, Eight) {
        return smaller_of(larger_of(a, b), c);
    }
};

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

// R eights of rows from `row` on, column by column.
template <std::size_t R, class F, At A, At B, At C, At D>
APICAL_INLINE void go_through(double* out, const double* const (&in)[4], std::size_t row,
                              std::size_t height, std::size_t columns) {
    Reader<A, R> a(in[0], row);
    Reader<B, R> b(in[1], row);
    Reader<C, R> c(in[2], row);
    Reader<D, R> d(in[3], row);
    std::size_t entry = row;
    for (std::size_t j = 0; j < columns; ++j, entry += height) {
        a.begin_column(j);
        b.begin_column(j);
        c.begin_column(j);
        d.begin_column(j);
        repeat<R>([&](std::size_t r) APICAL_LAMBDA {
            store(out + entry + r * width,
                  F::of(a.read(entry, r), b.read(entry, r), c.read(entry, r), d.read(entry, r)));
        });
    }
}

template <class F, At A, At B = At::nothing, At C = At::nothing, At D = At::nothing>
void loop(double* out, const double* const (&in)[4], std::size_t height, std::size_t columns) {
    constexpr std::size_t R = panel_rows / width;
    if (height == panel_rows) return go_through<R, F, A, B, C, D>(out, in, 0, height, columns);
    for (std::size_t row = 0; row < height; row += width)
        go_through<1, F, A, B, C, D>(out, in, row, height, columns);
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

constexpr TileLoops all_loops() {
    TileLoops all = {};
    all.spread[0] = loop<Spread, At::entry>;
    all.spread[1] = loop<Spread, At::row>;
    all.spread[2] = loop<Spread, At::column>;
    all.spread[3] = loop<Spread, At::number>;
    const auto function = [&](TileFunction f) -> TileLoop& {
        return all.function[static_cast<std::size_t>(f)];
    };
    function(TileFunction::absolute) = loop<Absolute, At::entry>;
    function(TileFunction::sign) = loop<Sign, At::entry>;
    function(TileFunction::step) = loop<StepOf, At::entry>;
    function(TileFunction::root) = loop<Root, At::entry>;
    function(TileFunction::exponential) = loop<Exponential, At::entry>;
    function(TileFunction::logarithm) = loop<Logarithm, At::entry>;
    function(TileFunction::tanh) = loop<Tanh, At::entry>;
    function(TileFunction::logistic) = loop<Logistic, At::entry>;
    function(TileFunction::rectified) = loop<Rectified, At::entry>;
    add_joins<Add>(all.join[static_cast<std::size_t>(TileJoin::add)]);
    add_joins<Subtract>(all.join[static_cast<std::size_t>(TileJoin::subtract)]);
    add_joins<Multiply>(all.join[static_cast<std::size_t>(TileJoin::multiply)]);
    add_joins<Divide>(all.join[static_cast<std::size_t>(TileJoin::divide)]);
    add_joins<Minimum>(all.join[static_cast<std::size_t>(TileJoin::minimum)]);
    add_joins<Maximum>(all.join[static_cast<std::size_t>(TileJoin::maximum)]);
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
    all.clip = loop<Clip, At::entry, At::number, At::number>;
    return all;
}

// ---- the way through a matrix

struct Tile {
    std::size_t entry, row, column;  // its first ones
    std::size_t height, columns;
};

APICAL_INLINE double* place_of(const TileOperand& one, const TileProgram& program,
                               const Tile& tile) {
    if (!one.numbers) return program.registers + one.place;
    return one.numbers + (one.by_entry ? tile.entry : 0) + (one.by_row ? tile.row : 0) +
           (one.by_column ? tile.column : 0);
}

APICAL_INLINE void perform(const TileInstruction& one, const TileProgram& program,
                           const Tile& tile) {
    const double* in[4] = {};
    for (std::size_t k = 0; k < one.count; ++k) in[k] = place_of(one.in[k], program, tile);
    const bool tiles = one.over == At::entry;
    const std::size_t height = tiles || one.over == At::row ? tile.height
                               : one.over == At::column     ? padded(tile.columns)
                                                            : width;
    one.loop(place_of(one.out, program, tile), in, height, tiles ? tile.columns : 1);
}

// Rows behind the last one of the last panel, of all columns.
inline void clear_rows_behind(double* panel, std::size_t rows, std::size_t height,
                              std::size_t columns) {
    alignas(64) static constexpr double lane[] = {0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0};
    const Ints<8> used = load(lane) < static_cast<double>(rows % width);
    double* last = panel + height - width;
    for (std::size_t j = 0; j < columns; ++j, last += height)
        store(last, select(used, load(last), Eight{}));
}

}  // namespace tile

void synaptic(const Step& s) {
    const TileProgram& program = *s.tiles;
    const std::size_t end = program.first_row + s.rows;
    for (std::size_t first = program.first_row; first < end; first += panel_rows) {
        const std::size_t height = panel_height(first, end);
        for (std::size_t j = 0; j < s.columns; j += tile_columns) {
            const std::size_t left = s.columns - j;
            const tile::Tile one = {first * s.columns + j * height, first, j, height,
                                    left < tile_columns ? left : tile_columns};
            for (std::size_t k = 0; k < program.count; ++k)
                tile::perform(program.instructions[k], program, one);
        }
        if (end - first < height)
            tile::clear_rows_behind(s.out + first * s.columns, end - first, height, s.columns);
    }
}

}  // namespace
}  // namespace apical

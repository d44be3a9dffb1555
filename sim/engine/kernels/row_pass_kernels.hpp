#pragma once

#include "sim/engine/kernels/pass_kernels.hpp"
#include "sim/engine/kernels/pass_table.hpp"
#include "sim/engine/kernels/row_kernels.hpp"
#include "sim/engine/kernels/synaptic_kernels.hpp"

// Passes through matrices that are stored by rows, and changes of these by formulas. In an unnamed
// namespace, as vector_math.hpp is.
namespace apical {
namespace {

namespace by_rows {

// ---- passes

// The factors of a row in the change that a pass makes.
template <Changed change, bool by_cell>
struct RowFactors {
    APICAL_INLINE RowFactors(const Pass& p, const Factors& factors, std::size_t i) {
        if (change == Changed::nothing) return;
        post = factors.gain * p.post[i];
        if (change == Changed::matrix) return;
        keep = by_cell ? p.retain_cells[i] : factors.retain;
        if (change != Changed::tag) return;
        credit = p.credit_cells ? factors.credit * p.credit_cells[i] : factors.credit;
    }
    double post, keep, credit;
};

// A strength within its bounds; what is no number stays none.
APICAL_INLINE Four within(const StrengthBounds& of, Four x) {
    return lower_of(all_four(of.high), higher_of(all_four(of.low), x)) + all_four(of.zero);
}
APICAL_INLINE double within(const StrengthBounds& of, double x) {
    const double higher = of.low > x ? of.low : x;
    return (of.high < higher ? of.high : higher) + of.zero;
}

// Four synapses (V is Four) or one (double) as the change leaves them.
template <class V, Changed change, bool by_cell, bool bounded>
APICAL_INLINE V changed_at(const PassMatrix& s, const RowFactors<change, by_cell>& row,
                           std::size_t k) {
    V entry = load_as<V>(s.matrix + k);
    if constexpr (change != Changed::nothing) {
        const V before = collect_as<V>(s.pre, s.column + k), post = alike<V>(row.post);
        if (change == Changed::matrix) entry = add_product(post, before, entry);
        if (change == Changed::decayed) entry = renewed(alike<V>(row.keep), entry, post, before);
        if (change == Changed::tag) {
            const V trace = renewed(alike<V>(row.keep), load_as<V>(s.tag + k), post, before);
            store_as(s.tag + k, trace);
            entry = add_product(alike<V>(row.credit), trace, entry);
        }
        if constexpr (bounded) entry = within(s.bounds, entry);
        store_as(s.matrix + k, entry);
    }
    return entry;
}

// One matrix of a pass and where its products go. A copy, which a loop over rows has in registers.
struct RowMatrix : PassMatrix {
    APICAL_INLINE RowMatrix(const Pass& p, const PassMatrix& one)
        : PassMatrix(one),
          sum{p.sum[0], p.sum[1]},
          adds{p.adds[0] || &one != p.matrices, p.adds[1] || &one != p.matrices},
          back(p.back),
          back_rows(p.back_rows) {}
    APICAL_INLINE void add_back(std::size_t k, double entry, std::size_t i) const {
        double& total = back[column[k]];
        total = add_product(entry, back_rows[i], total);
    }
    double* sum[2];
    bool adds[2];
    double* back;
    const double* back_rows;
};

// Sets or adds the products of row i.
template <std::size_t forward>
APICAL_INLINE void set_or_add(const RowMatrix& s, std::size_t i, const double (&totals)[2]) {
    repeat<forward>([&](std::size_t f) APICAL_LAMBDA {
        double& out = s.sum[f][i];
        out = s.adds[f] ? out + totals[f] : totals[f];
    });
}

// The change and the products of a row of no whole group, as most rows of a sparse set are: each of
// its synapses is a partial sum by itself, and those that there are none for are 0, which changes
// no sum: a product that is added to 0 is never -0.
template <Changed change, std::size_t forward, bool bounded, bool by_cell>
APICAL_INLINE void pass_short_row(const RowMatrix& s, std::size_t i, std::size_t k,
                                  std::size_t count, const RowFactors<change, by_cell>& row) {
    double totals[2] = {0.0, 0.0};
    const auto one = [&](std::size_t m) APICAL_LAMBDA {
        const double entry = changed_at<double, change, by_cell, bounded>(s, row, k + m);
        repeat<forward>([&](std::size_t f) APICAL_LAMBDA {
            const double part = add_product(entry, s.forward[f][s.column[k + m]], 0.0);
            totals[f] = m == 0 ? part : totals[f] + part;
        });
    };
    if (count > 0) {
        one(0);
        if (count > 1) {
            one(1);
            if (count > 2) one(2);
        }
    }
    set_or_add<forward>(s, i, totals);
}

// Synapses of row i, whose first one is `k`, before `end`: the change, then both products. Those
// behind the last whole group go one by one into the partial sums that they belong to. (With
// AVX-512 a short row that is changed is a third slower by a way of its own.)
template <Changed change, std::size_t forward, bool reverse, bool bounded = false, bool by_cell>
APICAL_INLINE void pass_row(const RowMatrix& s, std::size_t i, std::size_t k, std::size_t end,
                            const RowFactors<change, by_cell>& row) {
    constexpr bool has_short_way = (change == Changed::nothing || register_width < 8) && !reverse;
    if constexpr (has_short_way) {
        if (const std::size_t count = end - k; count < 4)
            return pass_short_row<change, forward, bounded>(s, i, k, count, row);
    }
    Parts parts[2];
    if (has_short_way || k + 4 <= end) {
        Four sums[2] = {all_four(0.0), all_four(0.0)};
        do {
            const Four entry = changed_at<Four, change, by_cell, bounded>(s, row, k);
            repeat<forward>([&](std::size_t f) APICAL_LAMBDA {
                sums[f] = add_product(entry, collect_as<Four>(s.forward[f], s.column + k), sums[f]);
            });
            repeat<reverse ? 4 : 0>([&](std::size_t m)
                                        APICAL_LAMBDA { s.add_back(k + m, lane_of(entry, m), i); });
            k += 4;
        } while (k + 4 <= end);
        repeat<forward>([&](std::size_t f) APICAL_LAMBDA { parts[f] = parts_of(sums[f]); });
    }
    const auto one = [&](std::size_t m) APICAL_LAMBDA {
        const double entry = changed_at<double, change, by_cell, bounded>(s, row, k + m);
        repeat<forward>([&](std::size_t f) APICAL_LAMBDA {
            double& part = parts[f].of[m];
            part = add_product(entry, s.forward[f][s.column[k + m]], part);
        });
        if (reverse) s.add_back(k + m, entry, i);
    };
    if (k < end) {
        repeat<forward>([&](std::size_t f) APICAL_LAMBDA { parts[f].of[3] += 0.0; });  // not -0
        one(0);
        if (k + 1 < end) {
            one(1);
            if (k + 2 < end) one(2);
        }
    }
    repeat<forward>([&](std::size_t f) APICAL_LAMBDA {
        double& out = s.sum[f][i];
        out = s.adds[f] ? out + total_of(parts[f]) : total_of(parts[f]);
    });
}

// All rows from `first` on.
template <Changed change, std::size_t forward, bool reverse, bool by_cell, bool bounded = false>
APICAL_INLINE void pass_rows(const Pass& p, const PassMatrix& matrix, std::size_t first,
                             std::size_t rows) {
    const RowMatrix s(p, matrix);
    const Factors factors(p);
    if (first >= rows) return;
    for (std::size_t i = first, k = s.start[first]; i < rows; ++i) {
        const RowFactors<change, by_cell> row(p, factors, i);
        const std::size_t end = s.start[i + 1];
        pass_row<change, forward, reverse, bounded>(s, i, k, end, row);
        k = end;
    }
}

template <Changed change, std::size_t forward, bool reverse, bool by_cell, bool bounded>
void go_through(const Pass& p, std::size_t rows) {
    if (reverse && !p.back_adds) clear_sums(p.back, p.matrices->columns);
    for (std::size_t m = 0; m < p.matrix_count; ++m)
        pass_rows<change, forward, reverse, by_cell, bounded>(p, p.matrices[m], 0, rows);
}

template <Changed change, std::size_t forward, bool reverse, bool by_cell>
APICAL_INLINE void go_through(const Pass& p, std::size_t rows) {
    if constexpr (change != Changed::nothing) {
        if (p.is_bounded) return go_through<change, forward, reverse, by_cell, true>(p, rows);
    }
    go_through<change, forward, reverse, by_cell, false>(p, rows);
}

// As the kernel of a pass through panels.
template <Changed change, std::size_t forward, bool reverse>
void pass(const Step& s) {
    if constexpr (change != Changed::nothing) {
        if (!*s.due) {
            if constexpr (forward > 0 || reverse) pass<Changed::nothing, forward, reverse>(s);
            return;
        }
        *s.due = false;
    }
    if constexpr (change == Changed::tag || change == Changed::decayed) {
        if (s.pass->retain_cells)
            return go_through<change, forward, reverse, true>(*s.pass, s.rows);
    }
    go_through<change, forward, reverse, false>(*s.pass, s.rows);
}

// ---- formulas

// The row that has the synapse: start[row] <= synapse < start[row + 1].
APICAL_INLINE std::size_t row_of(const std::uint32_t* start, std::size_t rows,
                                 std::size_t synapse) {
    std::size_t low = 0, high = rows;
    while (high - low > 1) {
        const std::size_t middle = low + (high - low) / 2;
        (start[middle] <= synapse ? low : high) = middle;
    }
    return low;
}

// A stretch of synapses, the first of which is in row `row`.
struct Stretch {
    std::size_t first, count, row;
};

// Fills a register with a vector's numbers for the synapses of a stretch; what is behind them is 0.
APICAL_INLINE void collect_stretch(const CollectedOperand& one, double* to,
                                   const std::uint32_t* start, const std::uint32_t* column,
                                   const Stretch& at) {
    if (one.of_post) {
        std::size_t row = at.row;
        for (std::size_t k = 0; k < at.count; ++row) {
            const std::size_t left = start[row + 1] - (at.first + k),
                              end = left < at.count - k ? k + left : at.count;
            for (; k < end; ++k) to[k] = one.vector[row];
        }
    } else {
        for (std::size_t k = 0; k < at.count; ++k) to[k] = one.vector[column[at.first + k]];
    }
    for (std::size_t k = at.count; k < padded(at.count); ++k) to[k] = 0.0;
}

// Pads behind the last synapse hold whatever formulas make of zeros: they are cleared.
APICAL_INLINE void clear_behind(const TileProgram& program, std::size_t end) {
    for (std::size_t k = 0; k < program.count; ++k) {
        const TileOperand& out = program.instructions[k].out;
        for (std::size_t at = end; out.numbers && out.by_entry && at < padded(end); ++at)
            out.numbers[at] = 0.0;
    }
}

// Performs a program stretch by stretch, each as a tile of one column, from a synapse on whose
// number is a multiple of eight to before `end`. `rows` are those that `start` has. Calls done(end
// of the stretch) behind each.
template <class Done>
APICAL_INLINE void perform_stretches(const TileProgram& program, const std::uint32_t* start,
                                     const std::uint32_t* column, std::size_t rows, std::size_t end,
                                     Done done) {
    tile::perform(program, 0, program.numbers_end, {});
    for (std::size_t first = program.first_row; first < end; first += register_entries) {
        const std::size_t left = end - first;
        const Stretch at = {first, left < register_entries ? left : register_entries,
                            row_of(start, rows, first)};
        for (std::size_t k = 0; k < program.collected_count; ++k) {
            const CollectedOperand& one = program.collected[k];
            collect_stretch(one, program.registers + one.place, start, column, at);
        }
        tile::perform(program, program.numbers_end, program.count,
                      {first, 0, 0, padded(at.count), 1});
        if (at.count < padded(at.count)) clear_behind(program, end);
        done(first + at.count);
    }
}

// `columns` are the rows that `start` has.
void synaptic(const Step& s) {
    const std::size_t end = s.tiles->first_row + s.rows;
    perform_stretches(*s.tiles, s.start, s.column, s.columns, end, [](std::size_t) {});
}

// Multiplies the rows of all matrices, from `first` on.
template <std::size_t forward>
APICAL_INLINE void multiply_rows(const Pass& p, std::size_t first, std::size_t rows) {
    for (std::size_t m = 0; m < p.matrix_count; ++m)
        pass_rows<Changed::nothing, forward, false, false>(p, p.matrices[m], first, rows);
}

// The pass whose changes are register programs: a stretch is changed, then the rows that end in it
// are multiplied while they are in a near cache.
template <std::size_t forward>
void formula_pass(const Step& s) {
    const Pass& p = *s.pass;
    if (!*s.due) return multiply_rows<forward>(p, p.first_multiplied, forward > 0 ? s.rows : 0);
    *s.due = false;
    const RowFactors<Changed::nothing, false> none(p, Factors(p), 0);
    for (std::size_t m = 0; m < p.matrix_count; ++m) {
        const RowMatrix one(p, p.matrices[m]);
        std::size_t row = p.first_multiplied;
        const auto multiply = [&] {
            pass_row<Changed::nothing, forward, false>(one, row, one.start[row], one.start[row + 1],
                                                       none);
        };
        if (one.tiles) {
            perform_stretches(*one.tiles, one.start, one.column, s.rows, one.synapses_end,
                              [&](std::size_t end) {
                                  for (; row < s.rows && one.start[row + 1] <= end; ++row)
                                      multiply();
                              });
        }
        for (; row < s.rows; ++row) multiply();
    }
}

// ---- the table

// There is none of two forward products and a reverse one, nor one by formulas and in reverse.
struct Passes {
    template <Changed change, std::size_t forward, bool reverse>
    static constexpr KernelFunction of() {
        constexpr bool does = change != Changed::nothing || forward > 0 || reverse,
                       is_too_much = reverse && (forward == 2 || change == Changed::formulas);
        if constexpr (!does || is_too_much)
            return nullptr;
        else if constexpr (change == Changed::formulas)
            return formula_pass<forward>;
        else
            return pass<change, forward, reverse>;
    }
};

constexpr Kernels::ByRows all_kernels() {
    return {.transmit_set = transmit<false>,
            .transmit_add = transmit<true>,
            .transmit_reverse_set = transmit_reverse<false>,
            .transmit_reverse_add = transmit_reverse<true>,
            .transmit_fired_set = transmit_fired<false>,
            .transmit_fired_add = transmit_fired<true>,
            .gather = gather,
            .hebb_add = hebb_add,
            .hebb_set = hebb_set,
            .hebb_decay = hebb_decay,
            .hebb_modulated = hebb_modulated,
            .hebb_cellwise = hebb_cellwise,
            .consolidate = consolidate,
            .synaptic = synaptic,
            .pass = table_of<Passes>()};
}

}  // namespace by_rows

}  // namespace
}  // namespace apical

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
        post = all_four(factors.gain * p.post[i]);
        if (change == Changed::matrix) return;
        keep = all_four(by_cell ? p.retain_cells[i] : factors.retain);
        if (change != Changed::tag) return;
        credit = all_four(p.credit_cells ? factors.credit * p.credit_cells[i] : factors.credit);
    }
    Four post, keep, credit;
};

// A strength within its bounds; what is no number stays none.
struct RowBounds {
    APICAL_INLINE explicit RowBounds(const StrengthBounds& of)
        : low(all_four(of.low)), high(all_four(of.high)), zero(all_four(of.zero)) {}
    Four low, high, zero;
};
APICAL_INLINE Four within(const RowBounds& bounds, Four x) {
    return lower_of(bounds.high, higher_of(bounds.low, x)) + bounds.zero;
}

// A group of synapses as the change leaves them.
template <Changed change, bool by_cell, bool bounded>
APICAL_INLINE Four changed_group(const PassMatrix& s, const RowFactors<change, by_cell>& row,
                                 const RowBounds& bounds, std::size_t k, std::size_t count) {
    Four entry = load_some(s.matrix + k, count);
    if constexpr (change != Changed::nothing) {
        const Four before = collect(s.pre, s.column + k, count);
        if (change == Changed::matrix) entry = add_product(row.post, before, entry);
        if (change == Changed::decayed) entry = decayed(row.keep, entry, row.post, before);
        if (change == Changed::tag) {
            const Four trace = decayed(row.keep, load_some(s.tag + k, count), row.post, before);
            store_some(s.tag + k, trace, count);
            entry = add_product(row.credit, trace, entry);
        }
        if constexpr (bounded) entry = within(bounds, entry);
        store_some(s.matrix + k, entry, count);
    }
    return entry;
}

// Row i of one matrix: the change, then both products.
template <Changed change, std::size_t forward, bool reverse, bool bounded = false, bool by_cell>
APICAL_INLINE void pass_row(const Pass& p, const PassMatrix& s, std::size_t i,
                            const RowFactors<change, by_cell>& row) {
    Four sums[2] = {all_four(0.0), all_four(0.0)};
    const RowBounds bounds(s.bounds);
    for_each_group(s.start[i], s.start[i + 1], [&](std::size_t k, std::size_t count) APICAL_LAMBDA {
        const Four entry = changed_group<change, by_cell, bounded>(s, row, bounds, k, count);
        repeat<forward>([&](std::size_t f) APICAL_LAMBDA {
            sums[f] = add_product(entry, collect(s.forward[f], s.column + k, count), sums[f]);
        });
        if (!reverse) return;
        for (std::size_t m = 0; m < count; ++m) {
            double& sum = p.back[s.column[k + m]];
            sum = add_product(lane_of(entry, m), p.back_rows[i], sum);
        }
    });
    repeat<forward>([&](std::size_t f) APICAL_LAMBDA {
        const bool adds = p.adds[f] || &s != p.matrices;
        double& out = p.sum[f][i];
        out = adds ? out + total_of(sums[f]) : total_of(sums[f]);
    });
}

template <Changed change, std::size_t forward, bool reverse, bool by_cell, bool bounded>
void go_through(const Pass& p, std::size_t rows) {
    const Factors factors(p);
    if (reverse && !p.back_adds) clear_sums(p.back, p.matrices->columns);
    for (std::size_t i = 0; i < rows; ++i) {
        const RowFactors<change, by_cell> row(p, factors, i);
        for (std::size_t m = 0; m < p.matrix_count; ++m)
            pass_row<change, forward, reverse, bounded>(p, p.matrices[m], i, row);
    }
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
    const RowFactors<Changed::nothing, false> none(p, Factors(p), 0);
    for (std::size_t i = first; i < rows; ++i) {
        for (std::size_t m = 0; m < p.matrix_count; ++m)
            pass_row<Changed::nothing, forward, false>(p, p.matrices[m], i, none);
    }
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
        const PassMatrix& one = p.matrices[m];
        std::size_t row = p.first_multiplied;
        const auto multiply = [&] {
            pass_row<Changed::nothing, forward, false>(p, one, row, none);
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

#pragma once

#include "sim/engine/kernels/few_rows_kernels.hpp"
#include "sim/engine/kernels/matrix_kernels.hpp"

// Passes: several operations on matrices S with the same rows, while the entries are read once.
// In an unnamed namespace, as vector_math.hpp is.
//
// A matrix of a large circuit does not fit into a cache, so a step costs what its matrices cost to
// be moved, and each operation by itself moves them once more. A pass loads an entry, changes it,
// stores it, and multiplies it while it is in a register:
//
//     S_ij   <- [retain_i] S_ij + (gain post_i) pre_j       a change of strengths, or
//     tag_ij <- retain_i tag_ij + (gain post_i) pre_j       a change of tags,
//     S_ij   <- S_ij + credit_i tag_ij                      and of strengths by the new tags;
//     sum_i  <- [sum_i +] sum_j S_ij x_j                    up to two forward products, or
//     back_j <- [back_j +] sum_i S_ij y_i                   one in reverse and at most one forward
//
// with the new S in all products. The change is that of an earlier place in the program: it was
// deferred (`defer` sets *Step::due) until the pass, which makes it and clears that. A pass that
// is not due only multiplies. A pass without products is how a change is made for an observer.
//
// The bits are those of the single operations (hebb_add, hebb_decay, consolidate, accumulate,
// transmit, transmit_reverse, inner), whatever the instruction set and the number of threads.
// Four things hold for both, and an edit must keep them:
//
// 1. An entry is changed by the same expression. Factors are multiplied in the same order,
//    (gain gain_number) post_i first, then one multiply_add. The compiler contracts no product and
//    sum by itself (-ffp-contract=off), so a product is rounded where it is written.
// 2. A sum over columns, sum_i, has `chains` partial sums: the sum c takes the columns c,
//    c + chains, c + 2 chains, ... in their order, and the partial sums are added in pairs. chains
//    depends on the height of the panel alone (chains_of). Rows do not meet in it, so the number of
//    rows in registers (Strip) is free. Each matrix of a pass finishes its own sums and adds them
//    to `sum` as a transmission of its own would.
// 3. A sum over rows, back_j, is made panel by panel. In a panel of 32 rows with products p_i it is
//        s_l = p_l + p_{l+8} (rows 0 to 15), t_l = p_{l+16} + p_{l+24},       l = 0 ... 7
//        u_l = (s_l + s_{l+4}) + (t_l + t_{l+4}),                             l = 0 ... 3
//        (u_0 + u_2) + (u_1 + u_3),
//    where each first sum is one multiply_add; lower panels lack the last terms. The panels' sums
//    are added to back_j from the first panel to the last. Registers of 2, 4 or 8 doubles add the
//    same pairs; what differs is only which of them are added at once.
// 4. A sum of squares of tags has a partial sum for each of the 32 rows of a panel, which goes on
//    from panel to panel (square_sums). The rows of a last, lower panel are added at the end by the
//    same function as in `inner`, since their columns lie otherwise.
//
// A pass must not multiply an entry before it is changed, add the products of two matrices
// in one chain, or start a row's sum elsewhere than at column 0. Pads of rows are zero in S, tags
// and factors, so they stay zero and add zero to every sum.
namespace apical {
namespace {

// The factors of R registers of rows in the change that a pass makes: gain post_i, retain_i (one
// for each cell when `keeps_by_cell`, else one number), and credit_i.
template <Changed change, bool keeps_by_cell, std::size_t R>
struct Rows {
    APICAL_INLINE Rows(const Pass& p, const Factors& factors, std::size_t first) {
        if (change == Changed::nothing) return;
        const Register every = broadcast<register_width>(factors.credit);
        keep[0] = broadcast<register_width>(factors.retain);
        repeat<R>([&](std::size_t r) APICAL_LAMBDA {
            post[r] = factors.gain * load_register(p.post + first, r);
            if (change == Changed::matrix) return;
            if (keeps_by_cell) keep[r] = load_register(p.retain_cells + first, r);
            if (change != Changed::tag) return;
            credit[r] = p.credit_cells ? every * load_register(p.credit_cells + first, r) : every;
        });
    }
    Register post[R], keep[keeps_by_cell ? R : 1], credit[R];
};

// The place of a strip: in the panel that begins with row `first`, from the panel's row `row` on.
struct Place {
    std::size_t first, row;
    APICAL_INLINE double* of(double* matrix, std::size_t columns) const {
        return matrix + first * columns + row;
    }
};

// The partial sums of a tag's squares over the panels of 32 rows so far, one for each row of a
// panel; they lie behind the total. They are zero when there is no such panel.
double* square_sums(const PassMatrix& s, std::size_t row) { return s.square + width + row; }

// Changes and multiplies the entries of one matrix in a strip of a panel of H eights, column by
// column. The order for an entry: tag, square of the tag, strength, store, products.
// A forward product is set by the first matrix of a pass (unless it adds) and added to by the
// others.
template <Changed change, std::size_t forward, bool squares, std::size_t H, bool by_cell,
          std::size_t R>
APICAL_INLINE void pass_through(const Pass& p, const PassMatrix& s, Place place,
                                const Rows<change, by_cell, R>& rows) {
    constexpr std::size_t chains = chains_of<H>;
    double* const matrix = place.of(s.matrix, s.columns);
    double* const tag = change == Changed::tag ? place.of(s.tag, s.columns) : nullptr;
    const double *const pre = s.pre, *const x[] = {s.forward[0], s.forward[1]};
    Sums<chains, R> sums[forward == 0 ? 1 : forward];
    Register square[R];
    repeat<squares ? R : 0>([&](std::size_t r) APICAL_LAMBDA {
        square[r] = place.first == 0 ? Register{} : load_register(square_sums(s, place.row), r);
    });
    visit_columns<chains>(s.columns, [&](std::size_t j, std::size_t k) APICAL_LAMBDA {
        const Register before =
            broadcast<register_width>(change == Changed::nothing ? 0.0 : pre[j]);
        Register now[2];
        repeat<forward>([&](std::size_t f)
                            APICAL_LAMBDA { now[f] = broadcast<register_width>(x[f][j]); });
        const std::size_t column = j * Height<H>::rows;
        repeat<R>([&](std::size_t r) APICAL_LAMBDA {
            Register entry = load_register(matrix + column, r);
            if (change == Changed::matrix) entry = multiply_add(rows.post[r], before, entry);
            if (change == Changed::decayed)
                entry = decayed(rows.keep[by_cell ? r : 0], entry, rows.post[r], before);
            if (change == Changed::tag) {
                const Register trace =
                    decayed(rows.keep[by_cell ? r : 0], load_register(tag + column, r),
                            rows.post[r], before);
                store_register(tag + column, r, trace);
                if (squares) square[r] = multiply_add(trace, trace, square[r]);  // as add_products
                entry = multiply_add(rows.credit[r], trace, entry);
            }
            if (change != Changed::nothing) store_register(matrix + column, r, entry);
            repeat<forward>([&](std::size_t f) APICAL_LAMBDA { sums[f].add(k, r, entry, now[f]); });
        });
    });
    repeat<squares ? R : 0>([&](std::size_t r) APICAL_LAMBDA {
        store_register(square_sums(s, place.row), r, square[r]);
    });
    repeat<forward>([&](std::size_t f) APICAL_LAMBDA {
        const bool adds = p.adds[f] || &s != p.matrices;
        double* const out = p.sum[f] + place.first + place.row;
        repeat<R>([&](std::size_t r) APICAL_LAMBDA {
            const Register total = sums[f].total(r);
            store_register(out, r, adds ? load_register(out, r) + total : total);
        });
    });
}

// The total of each tag's squares, when the tags have been changed: the partial sums of the panels
// of 32, then the rows behind them.
void sum_squares(const Pass& p, std::size_t rows) {
    for (std::size_t i = 0; i < p.matrix_count; ++i) {
        const PassMatrix& one = p.matrices[i];
        if (!one.square) continue;
        Eight sums[row_sums];
        repeat<row_sums>([&](std::size_t r)
                             APICAL_LAMBDA { sums[r] = load(square_sums(one, r * width)); });
        add_last_products(one.tag, one.tag, rows, one.columns, sums);  // which passes leave out
        one.square[0] = lane_sum(pairwise(sums, row_sums));
    }
}
// Sums the squares of tags in a pass that does not change them: an operation asks for the sum in
// every step, also in those before the first change and after a flush.
void square_tags(const Step& s) {
    for (std::size_t i = 0; i < s.pass->matrix_count; ++i) {
        const PassMatrix& one = s.pass->matrices[i];
        if (one.square) one.square[0] = sum_of_products(one.tag, one.tag, s.rows, one.columns);
    }
}

// Goes through one matrix; squares are summed on the way in panels of 32 rows alone.
template <Changed change, std::size_t forward, std::size_t H, bool by_cell, std::size_t R>
APICAL_INLINE void pass_one(const Pass& p, const PassMatrix& s, Place place,
                            const Rows<change, by_cell, R>& rows) {
    constexpr bool can_square = H == row_sums && change == Changed::tag;
    if (can_square && s.square)
        return pass_through<change, forward, can_square, H>(p, s, place, rows);
    pass_through<change, forward, false, H>(p, s, place, rows);
}

std::size_t most_columns(const Pass& p) {
    std::size_t most = 0;
    for (std::size_t i = 0; i < p.matrix_count; ++i)
        most = p.matrices[i].columns > most ? p.matrices[i].columns : most;
    return most;
}

// A pass with forward products or none: panel by panel, in a panel strip by strip, in a strip
// matrix by matrix, in a matrix column by column. A strip's factors are loaded once for all
// matrices.
template <Changed change, std::size_t forward, bool by_cell>
void forward_pass(const Pass& p, std::size_t all_rows) {
    if constexpr (forward > 0 && (change == Changed::nothing || change == Changed::matrix)) {
        if (all_rows <= few_rows) return pass_of_few<change, forward>(p);
    }
    const Factors factors(p);
    const std::size_t columns = most_columns(p);
    for_each_panel(all_rows, [&]<std::size_t H>(Height<H>, std::size_t first) {
        // The values that stay in registers for each register of rows: its factors and its sums.
        constexpr std::size_t factors_of_a_row = change == Changed::nothing ? 0
                                                 : change == Changed::tag   ? 2
                                                                            : 1,
                              contributed = factors_of_a_row + by_cell;
        constexpr std::size_t needed = contributed + forward * chains_of<H>,
                              matrices = change == Changed::tag ? 2 : 1;
        // A core with registers of eight stores to half of each column faster than to whole ones: a
        // fifth in a pass that changes S alone. With tags it shows where there are two products.
        constexpr bool in_halves =
            change == Changed::tag ? forward == 2 : change != Changed::nothing;
        const auto strip = [&]<std::size_t R>(Strip<R>, std::size_t row) {
            const Rows<change, by_cell, R> rows(p, factors, first + row);
            for (std::size_t i = 0; i < p.matrix_count; ++i)
                pass_one<change, forward, H>(p, p.matrices[i], {first, row}, rows);
        };
        for_each_strip<H, needed, matrices, in_halves>(columns, strip);
    });
}

// Columns that a reverse pass takes at once, and what it has of their sums over the rows of a panel
// when it is through with the first half: s_l + s_{l+4} of each column, l = 0 ... 3 (see 3. above).
constexpr std::size_t block_columns = 32;
struct BackSums {
    alignas(64) double of[4 * block_columns];
};

// Half a panel, of E eights, and a block of columns from `begin` to `end`: its entries are changed
// and multiplied, each into the sum of its row (`sums`, which goes on from block to block) and into
// the sum of its column (`backs`, from half to half). After the last half the columns' sums are
// complete for this panel and are added to `back`.
template <Changed change, std::size_t forward, std::size_t H, std::size_t E>
APICAL_INLINE void reverse_half(const Pass& p, std::size_t first, std::size_t row,
                                std::size_t begin, std::size_t end, double* sums, BackSums& backs) {
    constexpr std::size_t chains = chains_of<H>;
    const PassMatrix& s = *p.matrices;
    const double g = Factors(p).gain;
    double* const panel = s.matrix + first * s.columns + row;
    Eight post[E], back_rows[E], sum[chains][E];
    repeat<E>([&](std::size_t e) APICAL_LAMBDA {
        back_rows[e] = load(p.back_rows + first + row + e * width);
        if (change == Changed::matrix) post[e] = g * load(p.post + first + row + e * width);
        repeat<forward ? chains : 0>([&](std::size_t c) APICAL_LAMBDA {
            sum[c][e] = load(sums + c * panel_rows + row + e * width);
        });
    });
    const bool is_last = row + E * width == Height<H>::rows;
    for_each_four(begin, end, [&](std::size_t j, auto count) APICAL_LAMBDA {
        Four of_column[4] = {};
        repeat<4>([&](std::size_t k) APICAL_LAMBDA {
            if (k >= count) return;
            double* const column = panel + (j + k) * Height<H>::rows;
            const Eight before = broadcast(change == Changed::matrix ? s.pre[j + k] : 0.0),
                        now = broadcast(forward ? s.forward[0][j + k] : 0.0);
            Eight back;
            repeat<E>([&](std::size_t e) APICAL_LAMBDA {
                Eight entry = load(column + e * width);
                if (change == Changed::matrix) {
                    entry = multiply_add(post[e], before, entry);
                    store(column + e * width, entry);
                }
                if (forward) {
                    Eight& total = sum[k % chains][e];
                    total = multiply_add(entry, now, total);
                }
                back = e == 0 ? entry * back_rows[0] : multiply_add(entry, back_rows[e], back);
            });
            of_column[k] = sum_of_halves(back);
            double* const carried = backs.of + 4 * (j + k - begin);
            if (row > 0) of_column[k] = load_four(carried) + of_column[k];
            if (!is_last) store_four(carried, of_column[k]);
        });
        if (!is_last) return;
        const Four total = lane_sums(of_column);
        double* const out = p.back + j;
        store_four(out, p.back_adds || first > 0 ? load_four(out) + total : total);
    });
    repeat<forward ? chains : 0>([&](std::size_t c) APICAL_LAMBDA {
        repeat<E>([&](std::size_t e)
                      APICAL_LAMBDA { store(sums + c * panel_rows + row + e * width, sum[c][e]); });
    });
}

// Goes through one matrix with a product against the direction of its synapses, back = transpose(S)
// x back_rows, and at most one forward product: half a panel after the other, whose factors and
// sums stay in registers, block after block of columns, which stays in the nearest cache meanwhile.
template <Changed change, std::size_t forward>
void reverse_pass(const Pass& p, std::size_t all_rows) {
    const std::size_t columns = p.matrices->columns;
    for (std::size_t j = columns; !p.back_adds && j < padded(columns); ++j) p.back[j] = 0.0;
    for_each_panel(all_rows, [&]<std::size_t H>(Height<H>, std::size_t first) {
        constexpr std::size_t chains = chains_of<H>;
        alignas(64) double sums[chains * panel_rows];
        clear_eights<forward * chains * panel_rows / width>(sums);
        BackSums backs;
        for (std::size_t j = 0; j < columns; j += block_columns) {
            const std::size_t end = j + block_columns < columns ? j + block_columns : columns;
            for_each_half<H>([&]<std::size_t E>(Height<E>, std::size_t row) {
                reverse_half<change, forward, H, E>(p, first, row, j, end, sums, backs);
            });
        }
        for (std::size_t r = 0; forward && r < Height<H>::rows; r += width) {
            Eight each[chains];
            for (std::size_t c = 0; c < chains; ++c) each[c] = load(sums + c * panel_rows + r);
            double* const out = p.sum[0] + first + r;
            const Eight total = pairwise(each, chains);
            store(out, p.adds[0] ? load(out) + total : total);
        }
    });
}

// The kernel of a pass: makes the change if it is due, which it is then no longer, and multiplies.
// A pass that is split into blocks of rows has a Pass and a flag `due` for each block.
template <Changed change, std::size_t forward, bool reverse>
void pass(const Step& s) {
    if constexpr (change != Changed::nothing) {
        if (!*s.due) {
            if constexpr (forward > 0 || reverse) pass<Changed::nothing, forward, reverse>(s);
            if constexpr (change == Changed::tag) square_tags(s);
            return;
        }
        *s.due = false;
    }
    const Pass& p = *s.pass;
    if constexpr (reverse && change == Changed::nothing && forward == 0) {
        const PassMatrix& only = *p.matrices;
        multiply_transposed(only.matrix, p.back_rows, p.back, s.rows, only.columns, p.back_adds);
    } else if constexpr (reverse) {
        reverse_pass<change, forward>(p, s.rows);
    } else if constexpr (change == Changed::tag || change == Changed::decayed) {
        p.retain_cells ? forward_pass<change, forward, true>(p, s.rows)
                       : forward_pass<change, forward, false>(p, s.rows);
        if constexpr (change == Changed::tag) sum_squares(p, s.rows);
    } else {
        forward_pass<change, forward, false>(p, s.rows);
    }
}

// Stands in the plan where the program has the change: the change is deferred from here on. Vectors
// that the program overwrites before the pass are copied now, while they have the change's values.
void defer(const Step& s) {
    const Snapshot* const end = s.pass->snapshots_end;
    for (const Snapshot* one = s.pass->snapshots; one != end; ++one) {
        std::size_t k = 0;
        do {  // there are eight numbers at least
            store(one->to + k, load(one->from + k));
        } while ((k += width) < one->count);
    }
    *s.due = true;
}

}  // namespace
}  // namespace apical

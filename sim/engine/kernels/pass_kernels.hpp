#pragma once

#include "sim/engine/kernels/matrix_kernels.hpp"

// Several operations in one pass over matrices. In an unnamed namespace, as vector_math.hpp is.
namespace apical {
namespace {

// What a change is multiplied by.
struct Factors {
    APICAL_INLINE explicit Factors(const Pass& p)
        : gain(p.gain_number ? p.gain * p.gain_number[0] : p.gain),
          retain(p.retain_number ? p.retain * p.retain_number[0] : p.retain),
          credit(p.credit_number ? p.rate * p.credit_number[0] : p.rate) {}
    double gain, retain, credit;
};

// What R registers of rows contribute to the change that a pass makes. Tags are kept in part by
// cell, or all alike.
template <Changed change, bool keeps_by_cell, std::size_t R>
struct Rows {
    APICAL_INLINE Rows(const Pass& p, const Factors& factors, std::size_t first) {
        if (change == Changed::nothing) return;
        const Register every = broadcast<register_width>(factors.credit);
        keep[0] = broadcast<register_width>(factors.retain);
        repeat<R>([&](std::size_t r) APICAL_LAMBDA {
            post[r] = factors.gain * load_register(p.post + first, r);
            if (change != Changed::tag) return;
            if (keeps_by_cell) keep[r] = load_register(p.retain_cells + first, r);
            credit[r] = p.credit_cells ? every * load_register(p.credit_cells + first, r) : every;
        });
    }
    Register post[R], keep[keeps_by_cell ? R : 1], credit[R];
};

// Where a strip lies: in the panel that begins with row `first`, from the panel's row `row` on.
struct Place {
    std::size_t first, row;
    APICAL_INLINE double* of(double* matrix, std::size_t columns) const {
        return matrix + first * columns + row;
    }
};

// The sums of a tag's squares in panels of 32 so far, one for each of their rows, lie behind the
// total. They are zero when there is no such panel.
double* square_sums(const PassMatrix& s, std::size_t row) { return s.square + width + row; }

// One matrix of a strip in a panel of H eights: its entries are changed and multiplied, column by
// column. What it adds to the forward products comes on top of what the matrices before it made.
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
// Sums the squares of tags in a pass that does not change them.
void square_tags(const Step& s) {
    for (std::size_t i = 0; i < s.pass->matrix_count; ++i) {
        const PassMatrix& one = s.pass->matrices[i];
        if (one.square) one.square[0] = sum_of_products(one.tag, one.tag, s.rows, one.columns);
    }
}

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

template <Changed change, std::size_t forward, bool by_cell>
void forward_pass(const Pass& p, std::size_t all_rows) {
    const Factors factors(p);
    const std::size_t columns = most_columns(p);
    for_each_panel(all_rows, [&]<std::size_t H>(Height<H>, std::size_t first) {
        // What stays in registers for each register of rows: what it contributes, and its sums.
        constexpr std::size_t contributed = change == Changed::nothing  ? 0
                                            : change == Changed::matrix ? 1
                                            : by_cell                   ? 3
                                                                        : 2;
        constexpr std::size_t needed = contributed + forward * chains_of<H>,
                              matrices = change == Changed::tag ? 2 : 1;
        for_each_strip<H, needed, matrices>(columns, [&]<std::size_t R>(Strip<R>, std::size_t row) {
            const Rows<change, by_cell, R> rows(p, factors, first + row);
            for (std::size_t i = 0; i < p.matrix_count; ++i)
                pass_one<change, forward, H>(p, p.matrices[i], {first, row}, rows);
        });
    });
}

// What a pass against the direction of synapses adds for columns of a block so far: over the first
// half of a panel.
constexpr std::size_t block_columns = 32;
struct BackSums {
    alignas(64) double of[4 * block_columns];
};

// Half a panel, of E eights, and a block of columns from `begin` to `end`: its entries are changed,
// multiplied column by column with a sum for each row, and row by row with a sum for each column.
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
    for_each_four(begin, end, [&](std::size_t j, std::size_t count) APICAL_LAMBDA {
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
        alignas(64) double sums[chains * panel_rows] = {};
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

template <Changed change, std::size_t forward, bool reverse>
void pass(const Step& s) {
    if constexpr (change != Changed::nothing) {
        if (!s.pass->due) {
            if constexpr (forward > 0 || reverse) pass<Changed::nothing, forward, reverse>(s);
            if constexpr (change == Changed::tag) square_tags(s);
            return;
        }
        s.pass->due = false;
    }
    const Pass& p = *s.pass;
    if constexpr (reverse && change == Changed::nothing && forward == 0) {
        const PassMatrix& only = *p.matrices;
        multiply_transposed(only.matrix, p.back_rows, p.back, s.rows, only.columns, p.back_adds);
    } else if constexpr (reverse) {
        reverse_pass<change, forward>(p, s.rows);
    } else if constexpr (change == Changed::tag) {
        p.retain_cells ? forward_pass<change, forward, true>(p, s.rows)
                       : forward_pass<change, forward, false>(p, s.rows);
        sum_squares(p, s.rows);
    } else {
        forward_pass<change, forward, false>(p, s.rows);
    }
}

void put_off(const Step& s) {
    for (std::size_t i = 0; i < s.pass->kept_count; ++i) {
        const Kept& one = s.pass->kept[i];
        for (std::size_t k = 0; k < one.count; k += width) store(one.to + k, load(one.from + k));
    }
    s.pass->due = true;
}

}  // namespace
}  // namespace apical

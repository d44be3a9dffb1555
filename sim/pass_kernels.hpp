#pragma once

#include "sim/matrix_kernels.hpp"

// Several operations in one pass over matrices. In an unnamed namespace, as vector_math.hpp is.
namespace apical {
namespace {

// What rows of a panel contribute to a pass.
template <std::size_t R>
struct Rows {
    [[gnu::always_inline]] Rows(const Pass& p, std::size_t first, bool tags) {
        const double g = p.gain_number ? p.gain * p.gain_number[0] : p.gain,
                     k = p.retain_number ? p.retain * p.retain_number[0] : p.retain,
                     c = p.credit_number ? p.rate * p.credit_number[0] : p.rate;
        for (std::size_t r = 0; r < R; ++r) {
            const std::size_t row = first + r * width;
            post[r] = g * load(p.post + row);
            if (!tags) continue;
            keep[r] = p.retain_cells ? load(p.retain_cells + row) : broadcast(k);
            credit[r] = p.credit_cells ? c * load(p.credit_cells + row) : broadcast(c);
        }
    }
    Eight post[R], keep[R], credit[R];
};

// The sums of a tag's squares so far lie behind their total.
void load_squares(const PassMatrix& s, Eight (&sums)[row_sums]) {
    for (std::size_t r = 0; r < row_sums; ++r) sums[r] = load(s.square + (1 + r) * width);
}
void store_squares(const PassMatrix& s, const Eight (&sums)[row_sums]) {
    for (std::size_t r = 0; r < row_sums; ++r) store(s.square + (1 + r) * width, sums[r]);
}

// One matrix of a panel: its entries are changed and multiplied, column by column. What it adds to
// the forward products comes on top of what the matrices before it made.
template <Changed change, std::size_t forward, bool reverse, bool few, bool squares, std::size_t R>
[[gnu::always_inline]] inline void pass_through(const Pass& p, const PassMatrix& s,
                                                std::size_t first, const Rows<R>* rows,
                                                bool is_first, Eight (&totals)[2][R]) {
    double* const matrix = s.matrix + first * s.columns;
    double* const tag = change == Changed::tag ? s.tag + first * s.columns : nullptr;
    const double *const pre = s.pre, *const x[] = {s.forward[0], s.forward[1]};
    Sums<R, few> sums[forward == 0 ? 1 : forward];
    Eight square[row_sums];
    clear_all(square);
    if (squares) load_squares(s, square);
    Eight back_rows[R], backs[width];
    clear_all(back_rows);
    clear_all(backs);
    for (std::size_t r = 0; reverse && r < R; ++r)
        back_rows[r] = load(p.back_rows + first + r * width);
    const auto visit = [&](std::size_t j, std::size_t k) {
        const Eight before = broadcast(change == Changed::nothing ? 0.0 : pre[j]);
        Eight now[2];
        for (std::size_t f = 0; f != forward; ++f) now[f] = broadcast(x[f][j]);
        for (std::size_t r = 0; r < R; ++r) {
            const std::size_t at = (j * R + r) * width;
            Eight entry = load(matrix + at);
            if (change == Changed::matrix) entry = multiply_add(rows->post[r], before, entry);
            if (change == Changed::tag) {
                const Eight trace = decayed(rows->keep[r], load(tag + at), rows->post[r], before);
                store(tag + at, trace);
                if (squares) square[r] = multiply_add(trace, trace, square[r]);  // as add_products
                entry = multiply_add(rows->credit[r], trace, entry);
            }
            if (change != Changed::nothing) store(matrix + at, entry);
            for (std::size_t f = 0; f != forward; ++f) sums[f].add(k, r, entry, now[f]);
            if (reverse)
                backs[k] =
                    r == 0 ? entry * back_rows[0] : multiply_add(entry, back_rows[r], backs[k]);
        }
    };
    visit_columns<few>(s.columns, visit, [&](std::size_t j, std::size_t count) {
        if (!reverse) return;
        clear_from(backs, count);
        const Eight sum = lane_sums(backs);
        store(p.back + j, p.back_adds || first > 0 ? load(p.back + j) + sum : sum);
    });
    if (squares) store_squares(s, square);
    for (std::size_t f = 0; f != forward; ++f) {
        for (std::size_t r = 0; r < R; ++r) {
            const Eight total = sums[f].total(r);
            totals[f][r] = is_first && !p.adds[f] ? total : totals[f][r] + total;
        }
    }
}

template <std::size_t R>
void add_squares(const PassMatrix& s, std::size_t first) {
    Eight sums[row_sums];
    load_squares(s, sums);
    const double* const tag = s.tag + first * s.columns;
    add_products<R>(tag, tag, s.columns, sums);
    store_squares(s, sums);
}
// Before the first panel of tags whose squares are summed, and after the last.
void clear_squares(const Pass& p) {
    for (std::size_t i = 0; i < p.matrix_count; ++i) {
        double* const square = p.matrices[i].square;
        if (square) memset(square, 0, square_room * sizeof(double));
    }
}
void sum_squares(const Pass& p) {
    for (std::size_t i = 0; i < p.matrix_count; ++i) {
        double* const square = p.matrices[i].square;
        if (!square) continue;
        Eight sums[row_sums];
        load_squares(p.matrices[i], sums);
        square[0] = total_of(pairwise(sums, row_sums));
    }
}
// Of tags that do not change now.
void square_tags(const Step& s) {
    for (std::size_t i = 0; i < s.pass->matrix_count; ++i) {
        const PassMatrix& one = s.pass->matrices[i];
        if (one.square) one.square[0] = sum_of_products(one.tag, one.tag, s.rows, one.columns);
    }
}

template <Changed change, std::size_t forward, bool reverse, std::size_t R>
[[gnu::always_inline]] inline void pass_one(const Pass& p, const PassMatrix& s, std::size_t first,
                                            const Rows<R>* rows, bool is_first,
                                            Eight (&totals)[2][R]) {
    constexpr bool can_square = R == panel_rows / width && change == Changed::tag;
    const auto through = [&]<bool few, bool squares>() __attribute__((always_inline)) {
        pass_through<change, forward, reverse, few, squares>(p, s, first, rows, is_first, totals);
    };
    if (s.columns < width) {
        through.template operator()<true, false>();
    } else if (can_square && s.square) {
        return through.template operator()<false, can_square>();
    } else {
        through.template operator()<false, false>();
    }
    // Few columns, and the rows that are left, are gone through again.
    if (change == Changed::tag && s.square) add_squares<R>(s, first);
}

template <Changed change, std::size_t forward, bool reverse>
void pass(const Step& s) {
    Pass& p = *s.pass;
    if constexpr (change != Changed::nothing) {
        if (!p.due) {
            if constexpr (forward > 0 || reverse) pass<Changed::nothing, forward, reverse>(s);
            if constexpr (change == Changed::tag) square_tags(s);
            return;
        }
        p.due = false;
    }
    if constexpr (change == Changed::tag) clear_squares(p);
    for_each_panel(s.rows, [&]<std::size_t R>(Height<R>, std::size_t first) {
        const auto through = [&](const Rows<R>* rows) __attribute__((always_inline)) {
            Eight totals[2][R];
            clear_all(totals[0]);
            clear_all(totals[1]);
            for (std::size_t f = 0; f != forward; ++f) {
                for (std::size_t r = 0; p.adds[f] && r < R; ++r)
                    totals[f][r] = load(p.sum[f] + first + r * width);
            }
            for (std::size_t i = 0; i < p.matrix_count; ++i) {
                pass_one<change, forward, reverse>(p, p.matrices[i], first, rows, i == 0, totals);
            }
            for (std::size_t f = 0; f != forward; ++f) {
                for (std::size_t r = 0; r < R; ++r)
                    store(p.sum[f] + first + r * width, totals[f][r]);
            }
        };
        if constexpr (change == Changed::nothing) {
            through(nullptr);
        } else {
            const Rows<R> rows(p, first, change == Changed::tag);
            through(&rows);
        }
    });
    if constexpr (change == Changed::tag) sum_squares(p);
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

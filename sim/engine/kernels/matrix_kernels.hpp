#pragma once

#include "sim/engine/kernels/few_rows_kernels.hpp"
#include "sim/engine/kernels/panels.hpp"

// Kernels of one operation on one matrix each; passes (pass_kernels.hpp) have the bits of these. In
// an unnamed namespace, as vector_math.hpp is.
//
// The order of each sum, which nothing may change:
//   over columns (also gather)    partial sums by column modulo chains_of<H>, added in pairs
//   over rows (transmit_reverse)  panel by panel; in a panel as pass_kernels.hpp says under 3.
//   over all entries (inner)      a partial sum for each of 32 rows over all whole panels and then
//                                 the last rows; these in pairs of eights, then half to half
//   over l (multiply_from_left)   one sum for each entry, l from 0 up
namespace apical {
namespace {

// out_i = or += sum_j S_ij x_j with S in `a`, x in `b`.
template <bool add>
void transmit(const Step& s) {
    for_each_panel(s.rows, [&]<std::size_t H>(Height<H>, std::size_t first) {
        constexpr std::size_t chains = chains_of<H>;
        for_each_strip<H, chains, 1>(s.columns, [&]<std::size_t R>(Strip<R>, std::size_t row) {
            Sums<chains, R> sums;
            const double* const panel = s.a + first * s.columns + row;
            double* const out = s.out + first + row;
            visit_columns<chains>(s.columns, [&](std::size_t j, std::size_t k) APICAL_LAMBDA {
                const Register x = broadcast<register_width>(s.b[j]);
                repeat<R>([&](std::size_t r) APICAL_LAMBDA {
                    sums.add(k, r, load_register(panel + j * Height<H>::rows, r), x);
                });
            });
            repeat<R>([&](std::size_t r) APICAL_LAMBDA {
                const Register sum = sums.total(r);
                store_register(out, r, add ? load_register(out, r) + sum : sum);
            });
        });
    });
}

// out_i = sum_j S_ij with S in `a`, as a product with ones.
void sum_over_columns(const Step& s) {
    const Register one = broadcast<register_width>(1.0);
    for_each_panel(s.rows, [&]<std::size_t H>(Height<H>, std::size_t first) {
        constexpr std::size_t chains = chains_of<H>;
        for_each_strip<H, chains, 1>(s.columns, [&]<std::size_t R>(Strip<R>, std::size_t row) {
            Sums<chains, R> sums;
            const double* const panel = s.a + first * s.columns + row;
            visit_columns<chains>(s.columns, [&](std::size_t j, std::size_t k) APICAL_LAMBDA {
                repeat<R>([&](std::size_t r) APICAL_LAMBDA {
                    sums.add(k, r, load_register(panel + j * Height<H>::rows, r), one);
                });
            });
            repeat<R>([&](std::size_t r)
                          APICAL_LAMBDA { store_register(s.out + first + row, r, sums.total(r)); });
        });
    });
}

// Half a panel: 16 rows in two eights, or fewer in a lower panel. A sum over the rows of a panel is
// made of its halves.
constexpr std::size_t half_rows = panel_rows / 2;

// Calls half(Height<E>, row) for each half of a panel of H eights, E the eights of the half.
template <std::size_t H, class F>
APICAL_INLINE void for_each_half(F half) {
    half(Height<(H < 2 ? 1 : 2)>(), 0);
    if constexpr (H > 2) half(Height<H - 2>(), half_rows);
}

// out (columns) = or += transpose(S) x (rows): panel after panel, four columns after four.
void multiply_transposed(const double* S, const double* x, double* out, std::size_t rows,
                         std::size_t columns, bool add) {
    for (std::size_t j = columns; !add && j < padded(columns); ++j) out[j] = 0.0;
    if (rows < few_rows) return multiply_few_transposed(S, x, out, columns, add);
    for_each_panel(rows, [&]<std::size_t H>(Height<H>, std::size_t first) {
        const double* const panel = S + first * columns;
        Eight of_rows[H];
        repeat<H>([&](std::size_t r) APICAL_LAMBDA { of_rows[r] = load(x + first + r * width); });
        for_each_four(0, columns, [&](std::size_t j, auto count) APICAL_LAMBDA {
            Four sums[4] = {};
            repeat<4>([&](std::size_t k) APICAL_LAMBDA {
                if (k >= count) return;
                const double* const column = panel + (j + k) * Height<H>::rows;
                const auto half = [&](std::size_t r, bool both) APICAL_LAMBDA {
                    Eight sum = load(column + r * width) * of_rows[r];
                    if (both)
                        sum = multiply_add(load(column + (r + 1) * width), of_rows[r + 1], sum);
                    return sum_of_halves(sum);
                };
                sums[k] = half(0, H > 1);
                if constexpr (H > 2) sums[k] = sums[k] + half(2, H > 3);
            });
            const Four totals = lane_sums(sums);
            store_four(out + j, add || first > 0 ? load_four(out + j) + totals : totals);
        });
    });
}

template <bool add>
void transmit_reverse(const Step& s) {
    multiply_transposed(s.a, s.b, s.out, s.rows, s.columns, add);
}

// Calls add(i, place) for each diagonal entry (i, i) of a square matrix.
template <class Add>
void on_diagonal(const Step& s, Add add) {
    for (std::size_t i = 0; i < s.rows; ++i) add(i, s.out + panel_index(i, i, s.rows, s.columns));
}

void diagonal(const Step& s) {
    const Eight keep = broadcast(s.b[0]);
    for (std::size_t k = 0; k < padded(s.rows) * s.columns; k += width) {
        store(s.out + k, keep * load(s.out + k));
    }
    on_diagonal(s, [&](std::size_t i, double* entry) { *entry += s.c[0] * s.a[i]; });
}

// S_ij = change(S_ij, gain factors_i, column j, place of the entry, row), eight rows at a time,
// panel by panel.
template <class Change>
void change_matrix(const Step& s, const double* factors, double gain, Change change) {
    for_each_panel(s.rows, [&]<std::size_t R>(Height<R>, std::size_t first) {
        Eight post[R];
        repeat<R>([&](std::size_t r)
                      APICAL_LAMBDA { post[r] = gain * load(factors + first + r * width); });
        std::size_t column = first * s.columns;
        for (std::size_t j = 0; j < s.columns; ++j, column += R * width) {
            repeat<R>([&](std::size_t r) APICAL_LAMBDA {
                const std::size_t at = column + r * width;
                store(s.out + at, change(load(s.out + at), post[r], j, at, first + r * width));
            });
        }
    });
}

void jacobian(const Step& s) {
    change_matrix(s, s.b, s.gain,
                  [&](Eight, Eight slope, std::size_t, std::size_t at, std::size_t) {
                      return slope * load(s.a + at);
                  });
    on_diagonal(s, [&](std::size_t, double* entry) { *entry += s.retain; });
}

constexpr std::size_t row_sums = panel_rows / width;

// Adds a_ij b_ij of a panel, each eight rows to a sum of their own.
template <std::size_t H>
APICAL_INLINE void add_products(const double* a, const double* b, std::size_t columns,
                                Eight (&sums)[row_sums]) {
    for (std::size_t j = 0; j < columns; ++j) {
        repeat<H>([&](std::size_t r) APICAL_LAMBDA {
            const std::size_t at = (j * H + r) * width;
            sums[r] = multiply_add(load(a + at), load(b + at), sums[r]);
        });
    }
}

// Adds a_ij b_ij of the rows behind the last panel of 32, if there are any.
APICAL_INLINE void add_last_products(const double* a, const double* b, std::size_t rows,
                                     std::size_t columns, Eight (&sums)[row_sums]) {
    const std::size_t left = padded(rows) % panel_rows, at = (padded(rows) - left) * columns;
    for_each_panel(left, [&]<std::size_t H>(Height<H>, std::size_t)
                             APICAL_LAMBDA { add_products<H>(a + at, b + at, columns, sums); });
}

// Sums of the rows of one panel, which are most vectors: those that it lacks add nothing.
template <std::size_t H>
APICAL_INLINE double sum_in_panel(const double* a, const double* b, std::size_t columns) {
    Eight sums[row_sums];
    clear_all(sums);
    add_products<H>(a, b, columns, sums);
    return lane_sum(pairwise(sums, row_sums));
}

// sum_ij a_ij b_ij. Whole panels of 32 rows have their columns one behind the other, from panel to
// panel, and are gone through as one panel of as many columns.
double sum_of_products(const double* a, const double* b, std::size_t rows, std::size_t columns) {
    switch (padded(rows) / width) {
        case 1:
            return sum_in_panel<1>(a, b, columns);
        case 2:
            return sum_in_panel<2>(a, b, columns);
        case 4:
            return sum_in_panel<4>(a, b, columns);
        default:
            break;
    }
    Eight sums[row_sums];
    clear_all(sums);
    add_products<row_sums>(a, b, padded(rows) / panel_rows * columns, sums);
    add_last_products(a, b, rows, columns, sums);
    return lane_sum(pairwise(sums, row_sums));
}

template <bool add>
void inner(const Step& s) {
    const double total = sum_of_products(s.a, s.b, s.rows, s.columns);
    s.out[0] = add ? s.out[0] + total : total;
}

void hebb_add(const Step& s) {
    change_matrix(s, s.a, s.gain,
                  [&](Eight old, Eight post, std::size_t j, std::size_t, std::size_t) {
                      return multiply_add(post, broadcast(s.b[j]), old);
                  });
}

void hebb_set(const Step& s) {
    change_matrix(s, s.a, s.gain, [&](Eight, Eight post, std::size_t j, std::size_t, std::size_t) {
        return post * broadcast(s.b[j]);
    });
}

// S_ij = keep S_ij + post_i pre_j.
template <class V>
APICAL_INLINE V decayed(V keep, V old, V post, V pre) {
    return multiply_add(post, pre, keep * old);
}

void hebb_decay(const Step& s) {
    const Eight keep = broadcast(s.retain);
    change_matrix(s, s.a, s.gain,
                  [&](Eight old, Eight post, std::size_t j, std::size_t, std::size_t) {
                      return decayed(keep, old, post, broadcast(s.b[j]));
                  });
}

void hebb_modulated(const Step& s) {
    const Eight keep = broadcast(s.retain * s.c[0]);
    change_matrix(s, s.a, s.d ? s.gain * s.d[0] : s.gain,
                  [&](Eight old, Eight post, std::size_t j, std::size_t, std::size_t) {
                      return decayed(keep, old, post, broadcast(s.b[j]));
                  });
}

void hebb_cellwise(const Step& s) {
    change_matrix(s, s.a, s.gain,
                  [&](Eight old, Eight post, std::size_t j, std::size_t, std::size_t row) {
                      return decayed(load(s.c + row), old, post, broadcast(s.b[j]));
                  });
}

void consolidate(const Step& s) {
    change_matrix(s, s.a, s.gain,
                  [&](Eight old, Eight post, std::size_t, std::size_t at, std::size_t) {
                      return multiply_add(post, load(s.b + at), old);
                  });
}

// Sums of the product that stay in registers: `rows_at_once` eights of rows times
// `columns_at_once` columns.
constexpr std::size_t rows_at_once = register_width == 8 ? 4 : 1;
constexpr std::size_t columns_at_once = register_width == 2 ? 2 : 6;

// R eights of rows of `left` (a panel of H eights) times C columns, sums in registers. The columns
// were copied to `right`: for each panel its part of the first column, of the second, ...
template <std::size_t R, std::size_t H, std::size_t C>
void left_product(const double* left, const double* right, std::size_t rows, double* out) {
    Eight sums[C][R];
    repeat<C>([&](std::size_t c) APICAL_LAMBDA { clear_all(sums[c]); });
    for (std::size_t first = 0; first < rows; first += panel_rows) {
        const std::size_t height = panel_height(first, rows);
        const std::size_t count = rows - first < height ? rows - first : height;
        const double* entries = right + first * C;
        for (std::size_t l = 0; l < count; ++l, left += H * width) {
            Eight column[R];
            repeat<R>([&](std::size_t r) APICAL_LAMBDA { column[r] = load(left + r * width); });
            repeat<C>([&](std::size_t c) APICAL_LAMBDA {
                const Eight x = broadcast(entries[c * height + l]);
                repeat<R>([&](std::size_t r) APICAL_LAMBDA {
                    sums[c][r] = multiply_add(column[r], x, sums[c][r]);
                });
            });
        }
    }
    repeat<C>([&](std::size_t c) APICAL_LAMBDA {
        repeat<R>([&](std::size_t r)
                      APICAL_LAMBDA { store(out + (c * H + r) * width, sums[c][r]); });
    });
}

// Prefetches the cache lines of the next C columns; past the end of a matrix this does nothing.
template <std::size_t C, std::size_t H>
APICAL_INLINE void prefetch_columns(const double* first) {
    repeat<C>([&](std::size_t c) APICAL_LAMBDA { __builtin_prefetch(first + c * H * width, 1); });
}

// C columns of `out`, from column j on, become the left matrix times them. They are copied first,
// since every row of the product reads whole columns.
template <std::size_t C>
void left_product_of_columns(const Step& s, std::size_t j) {
    for (std::size_t first = 0; first < s.rows; first += panel_rows) {
        const std::size_t height = panel_height(first, s.rows);
        const double* const from = s.out + first * s.columns + j * height;
        double* const to = s.scratch + first * C;
        for (std::size_t k = 0; k < C * height; k += width) store(to + k, load(from + k));
    }
    for_each_panel(s.rows, [&]<std::size_t H>(Height<H>, std::size_t first) {
        constexpr std::size_t R = H % rows_at_once == 0 ? rows_at_once : H;
        for (std::size_t r = 0; r < H; r += R) {
            prefetch_columns<C, H>(s.out + first * s.columns + ((j + C) * H + r) * width);
            left_product<R, H, C>(s.a + first * s.rows + r * width, s.scratch, s.rows,
                                  s.out + first * s.columns + (j * H + r) * width);
        }
    });
}

void multiply_from_left(const Step& s) {
    std::size_t j = 0;
    for (; j + columns_at_once <= s.columns; j += columns_at_once)
        left_product_of_columns<columns_at_once>(s, j);
    for (; j < s.columns; ++j) left_product_of_columns<1>(s, j);
}

}  // namespace
}  // namespace apical

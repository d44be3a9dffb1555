#pragma once

#include <string.h>

#include "sim/panels.hpp"

// Kernels of one matrix each. In an unnamed namespace, as vector_math.hpp is.
namespace apical {
namespace {

// Those from `count` on to zero.
[[gnu::always_inline]] inline void clear_from(Eight (&sums)[width], std::size_t count) {
    if (count == width) return;
#pragma GCC unroll 8
    for (std::size_t k = 0; k < width; ++k) {
        if (k >= count) sums[k] = Eight{};
    }
}

template <bool add, bool few>
void transmit_columns(const Step& s) {
    for_each_panel(s.rows, [&]<std::size_t R>(Height<R>, std::size_t first) {
        Sums<R, few> sums;
        const double* panel = s.a + first * s.columns;
        visit_columns<few>(s.columns, [&](std::size_t j, std::size_t k) {
            const Eight x = broadcast(s.b[j]);
            for (std::size_t r = 0; r < R; ++r)
                sums.add(k, r, load(panel + (j * R + r) * width), x);
        });
        sums.template put<add>(s.out + first);
    });
}

template <bool add>
void transmit(const Step& s) {
    s.columns < width ? transmit_columns<add, true>(s) : transmit_columns<add, false>(s);
}

// Panel after panel; the columns eight at a time.
template <bool add>
void transmit_reverse(const Step& s) {
    for_each_panel(s.rows, [&]<std::size_t R>(Height<R>, std::size_t first) {
        const double* panel = s.a + first * s.columns;
        Eight x[R];
        for (std::size_t r = 0; r < R; ++r) x[r] = load(s.b + first + r * width);
        Eight sums[width];
        clear_all(sums);
        visit_columns<false>(
            s.columns,
            [&](std::size_t j, std::size_t k) {
                const double* column = panel + j * R * width;
                sums[k] = load(column) * x[0];
                for (std::size_t r = 1; r < R; ++r)
                    sums[k] = multiply_add(load(column + r * width), x[r], sums[k]);
            },
            [&](std::size_t j, std::size_t count) {
                clear_from(sums, count);
                const Eight totals = lane_sums(sums);
                store(s.out + j, add || first > 0 ? load(s.out + j) + totals : totals);
            });
    });
}

// Calls add(i) with the place of each diagonal entry of a square matrix.
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
        for (std::size_t r = 0; r < R; ++r) post[r] = gain * load(factors + first + r * width);
        std::size_t at = first * s.columns;
        for (std::size_t j = 0; j < s.columns; ++j) {
            for (std::size_t r = 0; r < R; ++r, at += width)
                store(s.out + at, change(load(s.out + at), post[r], j, at, first + r * width));
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

double total_of(Eight sum) {
    const Eight all[width] = {sum};
    return lane_sums(all)[0];
}

constexpr std::size_t row_sums = panel_rows / width;

// Adds a_ij b_ij of a panel, each vector of rows to a sum of its own.
template <std::size_t R>
void add_products(const double* a, const double* b, std::size_t columns, Eight (&sums)[row_sums]) {
    for (std::size_t j = 0; j < columns; ++j) {
        for (std::size_t r = 0; r < R; ++r) {
            const std::size_t at = (j * R + r) * width;
            sums[r] = multiply_add(load(a + at), load(b + at), sums[r]);
        }
    }
}

double sum_of_products(const double* a, const double* b, std::size_t rows, std::size_t columns) {
    Eight sums[row_sums];
    clear_all(sums);
    for_each_panel(rows, [&]<std::size_t R>(Height<R>, std::size_t first) {
        add_products<R>(a + first * columns, b + first * columns, columns, sums);
    });
    return total_of(pairwise(sums, row_sums));
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
Eight decayed(Eight keep, Eight old, Eight post, Eight pre) {
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

// Registers of the product: `rows_at_once` vectors of rows times `columns_at_once` columns.
#if defined(__AVX512F__)
constexpr std::size_t rows_at_once = 4, columns_at_once = 6;
#elif defined(__AVX__)
constexpr std::size_t rows_at_once = 1, columns_at_once = 6;
#else
constexpr std::size_t rows_at_once = 1, columns_at_once = 2;
#endif

// R vectors of rows of `left`, a panel of H, times C columns that were copied to `right`, panel
// after panel, a column of each panel after another.
template <std::size_t R, std::size_t H, std::size_t C>
void left_product(const double* left, const double* right, std::size_t rows, double* out) {
    Eight sums[C][R];
#pragma GCC unroll 8
    for (std::size_t c = 0; c < C; ++c) clear_all(sums[c]);
    for (std::size_t first = 0; first < rows; first += panel_rows) {
        const std::size_t height = panel_height(first, rows);
        const std::size_t count = rows - first < height ? rows - first : height;
        const double* entries = right + first * C;
        for (std::size_t l = 0; l < count; ++l, left += H * width) {
            Eight column[R];
            for (std::size_t r = 0; r < R; ++r) column[r] = load(left + r * width);
            for (std::size_t c = 0; c < C; ++c) {
                const Eight x = broadcast(entries[c * height + l]);
                for (std::size_t r = 0; r < R; ++r)
                    sums[c][r] = multiply_add(column[r], x, sums[c][r]);
            }
        }
    }
    for (std::size_t c = 0; c < C; ++c) {
        for (std::size_t r = 0; r < R; ++r) store(out + (c * H + r) * width, sums[c][r]);
    }
}

template <std::size_t C>
void left_product_of_columns(const Step& s, std::size_t j) {
    for (std::size_t first = 0; first < s.rows; first += panel_rows) {
        const std::size_t height = panel_height(first, s.rows);
        memcpy(s.scratch + first * C, s.out + first * s.columns + j * height,
               C * height * sizeof(double));
    }
    for_each_panel(s.rows, [&]<std::size_t H>(Height<H>, std::size_t first) {
        constexpr std::size_t R = H % rows_at_once == 0 ? rows_at_once : H;
        for (std::size_t r = 0; r < H; r += R) {
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

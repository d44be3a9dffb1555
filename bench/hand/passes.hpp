// Passes over a matrix in panels of 4 registers of rows.
#pragma once

#include "bench/hand/vector.hpp"

namespace hand {
namespace {

constexpr std::size_t height = 4, panel = height * width;

// S += change before^T; product = S now. Neighbouring columns have sums of their own.
inline void change_and_multiply(double* S, const double* change, const double* before,
                                const double* now, double* product, std::size_t n, std::size_t m) {
    for (std::size_t first = 0; first < n; first += panel) {
        double* entry = S + first * m;
        Vector d[height], sums[2][height];
        for (std::size_t k = 0; k < height; ++k) {
            d[k] = load(change + first + k * width);
            sums[0][k] = sums[1][k] = all(0.0);
        }
        const auto column = [&](std::size_t j, Vector * sum) __attribute__((always_inline)) {
            const Vector pre = all(before[j]), x = all(now[j]);
#pragma GCC unroll 4
            for (std::size_t k = 0; k < height; ++k, entry += width) {
                const Vector s = fma(d[k], pre, load(entry));
                store(entry, s);
                sum[k] = fma(s, x, sum[k]);
            }
        };
        std::size_t j = 0;
        for (; j + 1 < m; j += 2) {
            column(j, sums[0]);
            column(j + 1, sums[1]);
        }
        if (j < m) column(j, sums[0]);
        for (std::size_t k = 0; k < height; ++k)
            store(product + first + k * width, sums[0][k] + sums[1][k]);
    }
}

// J += change before^T; forecast = J now; back = J^T u; of an n x n matrix.
inline void change_and_multiply_both(double* J, const double* change, const double* before,
                                     const double* now, double* forecast, const double* u,
                                     double* back, std::size_t n) {
    for (std::size_t first = 0; first < n; first += panel) {
        double* entry = J + first * n;
        Vector d[height], rows[height], sums[height];
        for (std::size_t k = 0; k < height; ++k) {
            d[k] = load(change + first + k * width);
            rows[k] = load(u + first + k * width);
            sums[k] = all(0.0);
        }
        for (std::size_t j = 0; j < n; j += width) {
            Vector columns[width];
#pragma GCC unroll 8
            for (std::size_t c = 0; c < width; ++c) {
                const Vector pre = all(before[j + c]), x = all(now[j + c]);
#pragma GCC unroll 4
                for (std::size_t k = 0; k < height; ++k, entry += width) {
                    const Vector s = fma(d[k], pre, load(entry));
                    store(entry, s);
                    sums[k] = fma(s, x, sums[k]);
                    columns[c] = k == 0 ? s * rows[0] : fma(s, rows[k], columns[c]);
                }
            }
            const Vector totals = sums_of(columns);
            store(back + j, first > 0 ? load(back + j) + totals : totals);
        }
        for (std::size_t k = 0; k < height; ++k) store(forecast + first + k * width, sums[k]);
    }
}

// B = keep B + post before^T; W += rate_i B_ij; product = W now.
inline void learn_and_multiply(double* W, double* B, double keep, const double* post,
                               const double* rate, const double* before, const double* now,
                               double* product, std::size_t n, std::size_t m) {
    const Vector retained = all(keep);
    for (std::size_t first = 0; first < n; first += panel) {
        double *entry = W + first * m, *tag = B + first * m;
        Vector p[height], q[height], sums[height];
        for (std::size_t k = 0; k < height; ++k) {
            p[k] = load(post + first + k * width);
            q[k] = load(rate + first + k * width);
            sums[k] = all(0.0);
        }
        for (std::size_t j = 0; j < m; ++j) {
            const Vector pre = all(before[j]), x = all(now[j]);
#pragma GCC unroll 4
            for (std::size_t k = 0; k < height; ++k, entry += width, tag += width) {
                const Vector t = fma(p[k], pre, retained * load(tag));
                store(tag, t);
                const Vector s = fma(t, q[k], load(entry));
                store(entry, s);
                sums[k] = fma(s, x, sums[k]);
            }
        }
        for (std::size_t k = 0; k < height; ++k) store(product + first + k * width, sums[k]);
    }
}

// B = keep B + post before^T, of which the sum of squares is returned; W += rate B; product = W
// now; influence = W A. Half a panel at a time where a panel does not fit the registers.
inline double learn_and_multiply_both(double* W, double* B, double keep, const double* post,
                                      double rate, const double* before, const double* now,
                                      double* product, const double* A, double* influence,
                                      std::size_t n, std::size_t m) {
    constexpr std::size_t rows = width == 8 ? height : height / 2;
    const Vector retained = all(keep), q = all(rate);
    Vector squares[rows];
    for (Vector& one : squares) one = all(0.0);
    for (std::size_t first = 0; first < n; first += rows * width) {
        const std::size_t at = first / panel * panel * m + first % panel;
        double *entry = W + at, *tag = B + at;
        Vector p[rows], sums[rows], others[rows];
        for (std::size_t k = 0; k < rows; ++k) {
            p[k] = load(post + first + k * width);
            sums[k] = others[k] = all(0.0);
        }
        for (std::size_t j = 0; j < m; ++j, entry += panel, tag += panel) {
            const Vector pre = all(before[j]), x = all(now[j]), a = all(A[j]);
#pragma GCC unroll 4
            for (std::size_t k = 0; k < rows; ++k) {
                const Vector t = fma(p[k], pre, retained * load(tag + k * width));
                store(tag + k * width, t);
                squares[k] = fma(t, t, squares[k]);
                const Vector s = fma(t, q, load(entry + k * width));
                store(entry + k * width, s);
                sums[k] = fma(s, x, sums[k]);
                others[k] = fma(s, a, others[k]);
            }
        }
        for (std::size_t k = 0; k < rows; ++k) {
            store(product + first + k * width, sums[k]);
            store(influence + first + k * width, others[k]);
        }
    }
    for (std::size_t k = 1; k < rows; ++k) squares[0] = squares[0] + squares[k];
    return sum_of(squares[0]);
}

}  // namespace
}  // namespace hand

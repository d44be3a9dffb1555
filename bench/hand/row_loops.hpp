#pragma once

#include <cstdint>

// Loops over the synapses of a matrix stored by rows as somebody would write them by hand, built as
// bench/CMakeLists.txt says for the machine at hand. What the engine's kernels are measured
// against (bench/rows_bench.cpp).
namespace hand {

struct RowMatrix {
    int rows;
    const std::uint32_t *start, *column;
    double *strength, *tag;
};

// y = S x
inline void multiply(const RowMatrix& s, const double* x, double* y) {
    for (int i = 0; i < s.rows; ++i) {
        double sum = 0.0;
        for (std::uint32_t k = s.start[i]; k < s.start[i + 1]; ++k)
            sum += s.strength[k] * x[s.column[k]];
        y[i] = sum;
    }
}

// S += post x pre where synapses are; y = S x
inline void change_and_multiply(const RowMatrix& s, const double* post, const double* pre,
                                const double* x, double* y) {
    for (int i = 0; i < s.rows; ++i) {
        double sum = 0.0;
        for (std::uint32_t k = s.start[i]; k < s.start[i + 1]; ++k) {
            s.strength[k] += post[i] * pre[s.column[k]];
            sum += s.strength[k] * x[s.column[k]];
        }
        y[i] = sum;
    }
}

// tag = keep tag + post x pre; S += credit tag; y = S x
inline void trace_and_multiply(const RowMatrix& s, double keep, const double* post,
                               const double* credit, const double* pre, const double* x,
                               double* y) {
    for (int i = 0; i < s.rows; ++i) {
        double sum = 0.0;
        for (std::uint32_t k = s.start[i]; k < s.start[i + 1]; ++k) {
            s.tag[k] = keep * s.tag[k] + post[i] * pre[s.column[k]];
            s.strength[k] += credit[i] * s.tag[k];
            sum += s.strength[k] * x[s.column[k]];
        }
        y[i] = sum;
    }
}

// z = transpose(S) y
inline void multiply_back(const RowMatrix& s, const double* y, double* z, int columns) {
    for (int j = 0; j < columns; ++j) z[j] = 0.0;
    for (int i = 0; i < s.rows; ++i) {
        for (std::uint32_t k = s.start[i]; k < s.start[i + 1]; ++k)
            z[s.column[k]] += s.strength[k] * y[i];
    }
}

}  // namespace hand

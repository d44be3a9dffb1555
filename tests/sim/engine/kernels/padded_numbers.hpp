#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <random>
#include <vector>

#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/state.hpp"
#include "tests/this_build.hpp"

namespace apical {

// Numbers as kernels take them: 64-byte aligned, padded to a multiple of eight, zero at first.
class PaddedNumbers {
public:
    explicit PaddedNumbers(std::size_t count) : lines_(padded(count) / lanes), count_(count) {}

    double* data() { return reinterpret_cast<double*>(lines_.data()); }
    const double* data() const { return reinterpret_cast<const double*>(lines_.data()); }
    std::size_t size() const { return count_; }
    std::size_t padded_size() const { return lines_.size() * lanes; }

private:
    // A line of the cache.
    struct alignas(64) Line {
        double numbers[lanes] = {};
    };
    std::vector<Line> lines_;
    std::size_t count_;
};

inline PaddedNumbers padded_vector(const Eigen::VectorXd& entries) {
    PaddedNumbers numbers(static_cast<std::size_t>(entries.size()));
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers.data()[i] = entries(Eigen::Index(i));
    return numbers;
}

inline std::size_t place(Eigen::Index i, Eigen::Index j, Eigen::Index rows, Eigen::Index columns) {
    return panel_index(std::size_t(i), std::size_t(j), std::size_t(rows), std::size_t(columns));
}

inline PaddedNumbers padded_matrix(const Eigen::MatrixXd& entries) {
    PaddedNumbers numbers(padded(std::size_t(entries.rows())) * std::size_t(entries.cols()));
    for (Eigen::Index i = 0; i < entries.rows(); ++i) {
        for (Eigen::Index j = 0; j < entries.cols(); ++j) {
            numbers.data()[place(i, j, entries.rows(), entries.cols())] = entries(i, j);
        }
    }
    return numbers;
}

inline Eigen::VectorXd vector_of(const PaddedNumbers& numbers, Eigen::Index rows) {
    return Eigen::Map<const Eigen::VectorXd>(numbers.data(), rows);
}

inline Eigen::MatrixXd matrix_of(const PaddedNumbers& numbers, Eigen::Index rows,
                                 Eigen::Index columns) {
    Eigen::MatrixXd entries(rows, columns);
    for (Eigen::Index i = 0; i < rows; ++i) {
        for (Eigen::Index j = 0; j < columns; ++j) {
            entries(i, j) = numbers.data()[place(i, j, rows, columns)];
        }
    }
    return entries;
}

// Normal numbers, the same for the same seed.
inline Eigen::MatrixXd normal_matrix(Eigen::Index rows, Eigen::Index columns, unsigned seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    return Eigen::MatrixXd::NullaryExpr(rows, columns, [&] { return normal(random); });
}

inline Eigen::VectorXd normal_vector(Eigen::Index rows, unsigned seed) {
    return normal_matrix(rows, 1, seed);
}

#if defined(APICAL_OTHER_WIDTHS)
// The kernels with fused multiply-add and eight doubles in a vector, of which the processor needs
// no more than x86-64-v3: what is there of an instruction set that it lacks.
extern const Kernels kernels_eight_wide;
#endif

// All kernels with this rounding that can be run here, also those of another width.
inline std::vector<const Kernels*> kernels_that_round(Rounding rounding) {
    const auto available = available_kernels(rounding);
    std::vector<const Kernels*> all(available.begin(), available.end());
#if defined(APICAL_OTHER_WIDTHS)
    if (all.back()->rounding == Rounding::fused) all.push_back(&kernels_eight_wide);
#endif
    return all;
}

// Under a sanitizer, which looks at no kernel, the best set alone.
inline std::vector<const Kernels*> all_instruction_sets() {
    if (is_sanitized) return {&best_kernels()};
    std::vector<const Kernels*> all = kernels_that_round(Rounding::strict);
    for (const Kernels* kernels : kernels_that_round(Rounding::fused)) all.push_back(kernels);
    return all;
}

}  // namespace apical

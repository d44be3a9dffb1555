#pragma once

#include <catch2/catch.hpp>
#include <vector>

#include "tests/sim/engine/kernels/padded_numbers.hpp"

// Kernels with operands of every small shape, for every instruction set.
namespace apical::kernel_shapes {

using Eigen::MatrixXd;
using Eigen::VectorXd;

inline constexpr double gain = 0.37, retain = 0.81;

struct Dimensions {
    Eigen::Index rows, columns;
};

inline std::vector<Dimensions> dimensions() {
    std::vector<Dimensions> all = {{64, 64}, {100, 33}, {33, 100}, {87, 41}, {257, 129}, {70, 420}};
    for (Eigen::Index rows = 1; rows <= 40; ++rows) {
        for (Eigen::Index columns = 1; columns <= 40; ++columns) all.push_back({rows, columns});
    }
    return all;
}

template <class Check>
void for_each_shape(Check check) {
    for (const Kernels* kernels : all_instruction_sets()) {
        for (const auto& [rows, columns] : dimensions()) {
            INFO(kernels->instruction_set << ", " << rows << " x " << columns);
            check(*kernels, rows, columns);
        }
    }
}

template <class Check>
void for_each_size(Check check) {
    for (const Kernels* kernels : all_instruction_sets()) {
        for (Eigen::Index rows = 1; rows <= 40; ++rows) {
            INFO(kernels->instruction_set << ", " << rows << " cells");
            check(*kernels, rows);
        }
    }
}

inline void run(KernelFunction kernel, PaddedNumbers& out, const PaddedNumbers* a,
                const PaddedNumbers* b, Eigen::Index rows, Eigen::Index columns = 1,
                double keep = retain, double scale = gain) {
    Step step;
    step.run = kernel;
    step.out = out.data();
    step.a = a ? a->data() : nullptr;
    step.b = b ? b->data() : nullptr;
    step.rows = std::size_t(rows);
    step.columns = std::size_t(columns);
    step.retain = keep;
    step.gain = scale;
    kernel(step);
}

// Numbers to start from: matrices, two vectors of their rows and one of their columns.
struct Arguments {
    Arguments(Eigen::Index rows, Eigen::Index columns)
        : S(normal_matrix(rows, columns, 1)),
          T(normal_matrix(rows, columns, 2)),
          post(normal_vector(rows, 3)),
          other(normal_vector(rows, 4)),
          pre(normal_vector(columns, 5)),
          Q(normal_matrix(rows, rows, 6)) {}
    MatrixXd S, T;
    VectorXd post, other, pre;
    MatrixXd Q;  // square
};

}  // namespace apical::kernel_shapes

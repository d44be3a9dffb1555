#pragma once

#include "circuits/program/operation.hpp"
#include "sim/engine/kernels/kernels.hpp"

namespace apical {

// Which of several kernels performs an operation, and how it may be split into blocks of rows.
struct ChosenKernel {
    KernelFunction run = nullptr;
    InBlocks in_blocks = InBlocks::never;
};

// Multiplies a matrix by a vector, along the synapses or against them.
ChosenKernel product_kernel(const Kernels& kernels, const Operation& op, bool by_rows);
// Performs a `hebb`; `by_cell`: it keeps a share that each cell has its own of.
ChosenKernel hebb_kernel(const Kernels& kernels, const Operation& op, bool by_rows, bool by_cell);
// Performs a `cellwise` or a `modulate` that no formula performs.
KernelFunction cellwise_kernel(const Kernels& kernels, const Operation& op);
KernelFunction number_kernel(const Kernels& kernels, Function function);

}  // namespace apical

#include "sim/engine/plan/chosen_kernels.hpp"

#include <cassert>

#include "sim/engine/plan/plan.hpp"

namespace apical {

namespace {

bool sets(const Operation& op) { return op.operands[0].access == Access::set; }

// Both families of kernels have the same names.
template <class OfFamily>
KernelFunction product_of(const OfFamily& k, const Operation& op) {
    if (op.reverse) return sets(op) ? k.transmit_reverse_set : k.transmit_reverse_add;
    return sets(op) ? k.transmit_set : k.transmit_add;
}

// hebb_add is hebb_decay with retain = 1, without the product that changes nothing.
template <class OfFamily>
KernelFunction hebb_of(const OfFamily& k, const Operation& op, bool by_cell) {
    if (sets(op)) return k.hebb_set;
    if (op.operands.size() == 3) return op.retain == 1.0 ? k.hebb_add : k.hebb_decay;
    return by_cell ? k.hebb_cellwise : k.hebb_modulated;
}

}  // namespace

KernelFunction kernel_of(const Kernels::ByActivation& kernels, Activation activation) {
    switch (activation) {
        case Activation::linear:
            return kernels.linear;
        case Activation::tanh:
            return kernels.tanh;
        case Activation::rectified:
            return kernels.rectified;
        case Activation::logistic:
            return kernels.logistic;
        case Activation::softmax:
        case Activation::written:
            break;
    }
    return nullptr;
}

ChosenKernel product_kernel(const Kernels& k, const Operation& op, bool by_rows) {
    if (by_rows)
        return {product_of(k.by_rows, op),
                op.reverse ? InBlocks::rows_reverse_product : InBlocks::rows_product};
    return {product_of(k, op), op.reverse ? InBlocks::reverse_product : InBlocks::product};
}

ChosenKernel hebb_kernel(const Kernels& k, const Operation& op, bool by_rows, bool by_cell) {
    const bool cellwise = by_cell && !sets(op);
    if (by_rows)
        return {hebb_of(k.by_rows, op, by_cell),
                cellwise ? InBlocks::rows_change_by_cell : InBlocks::rows_change};
    return {hebb_of(k, op, by_cell), cellwise ? InBlocks::rank_one_cells : InBlocks::rank_one};
}

KernelFunction cellwise_kernel(const Kernels& k, const Operation& op) {
    const std::size_t operands = op.operands.size();
    if (op.function == Function::slope) return kernel_of(k.slope, op.activation);
    if (op.function == Function::product) return operands == 2 ? k.scale_set : k.product;
    if (op.function == Function::sum) return operands == 3 ? k.sum : k.mixture;
    if (op.function == Function::difference) return k.difference;
    assert(op.function == Function::complement);
    const bool rectified = op.activation == Activation::rectified;
    return rectified ? k.complement_rectified : k.complement;
}

KernelFunction number_kernel(const Kernels& k, Function function) {
    if (function == Function::product) return k.times;
    if (function == Function::quotient) return k.quotient;
    if (function == Function::balance) return k.balance;
    assert(function == Function::constant);
    return k.set_scalar;
}

}  // namespace apical

#pragma once

#include <optional>
#include <vector>

#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/plan/operation_order.hpp"

namespace apical {

// Neighbouring operations that multiply different matrices of the same rows into one sum; in
// reverse a single one.
struct FusedProduct {
    Indices operations;
    std::size_t at = 0;  // the operation in whose place it is performed
    bool reverse = false;
};

// A change of strengths, or of tags (`traces`) and by them of strengths.
struct PutOffChange {
    Indices traces, changes;
};

// What goes through the same matrices in one pass.
struct FusedGroup {
    std::vector<FusedProduct> products;
    std::optional<PutOffChange> change;  // made before the products
    std::size_t at() const { return products.back().at; }
};

// Every product of a matrix that takes place in each step, with what may be performed together with
// it; all else stays by itself. Writes into `order` what is performed elsewhere.
std::vector<FusedGroup> fused_groups(OperationOrder& order, const Kernels& kernels);

// The kernel of a group's products with a change, or none; null when there is no such kernel.
Kernels::Run kernel_of(const Kernels& kernels, const FusedGroup& group,
                       const std::optional<PutOffChange>& change);

}  // namespace apical

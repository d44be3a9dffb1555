#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/plan/operation_order.hpp"

namespace apical {

// A product: neighbouring operations that multiply different matrices of the same rows into one
// sum, the first setting or adding, the others adding. A reverse product is a single operation.
struct FusedProduct {
    Indices operations;
    std::size_t at = 0;  // the operation in whose place it is performed
    bool reverse = false;
};

// A change that can be deferred: of strengths, or of tags (`traces`) and by them of strengths. The
// operations are neighbours with the same postsynaptic factor; `traces` is empty or as long as
// `changes`. Or, where `programs` is not empty, any changes of strengths and of the tags that they
// read, each matrix of the group by a register program of its operations, or by none.
// Strengths stored by rows may be kept within bounds behind their change, by `projections`.
struct DeferrableChange {
    Indices traces, changes, projections;
    std::vector<Indices> programs;       // by matrix of the group
    std::vector<StrengthBounds> bounds;  // by matrix of the group; empty: none
    bool decays = false;                 // without traces: strengths are kept in part
    std::size_t last() const {
        const std::size_t changed = *std::max_element(changes.begin(), changes.end());
        return projections.empty()
                   ? changed
                   : std::max(changed, *std::max_element(projections.begin(), projections.end()));
    }
};

// The operations that go through the same matrices in one pass. The first product has all matrices
// of the group, a second one the first few of them.
struct FusedGroup {
    std::vector<FusedProduct> products;
    std::optional<DeferrableChange> change;  // made before the products
    std::size_t at() const { return products.back().at; }
};

// A group for every product that takes place in each step, with the operations that may be
// performed together with it; all other operations stay by themselves. Writes the new places of
// products that move into `order`.
std::vector<FusedGroup> fused_groups(OperationOrder& order, const Kernels& kernels);

// The passes through matrices that are stored as those of the group are.
const Kernels::Passes& passes_of(const Kernels& kernels, const OperationOrder& order,
                                 const FusedGroup& group);

// The kernel of a group's products with a change, or none; null when there is no such kernel.
KernelFunction kernel_of(const Kernels::Passes& passes, const FusedGroup& group,
                         const std::optional<DeferrableChange>& change);

}  // namespace apical

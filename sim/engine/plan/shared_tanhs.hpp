#pragma once

#include <cstddef>
#include <vector>

#include "sim/engine/plan/operation_order.hpp"

namespace apical {

// The indices of a firing by tanh and of the slope 1 - tanh(v)^2 at the same voltage, which can
// take tanh(v) from it.
struct SharedTanh {
    std::size_t fire, slope;
};

// All such pairs, each operation in one at most, where nothing writes v in between: a tanh costs
// more than all else that a cell does.
std::vector<SharedTanh> shared_tanhs(const OperationOrder& order);

}  // namespace apical

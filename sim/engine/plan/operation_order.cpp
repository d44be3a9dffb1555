#include "sim/engine/plan/operation_order.hpp"

#include <numeric>

namespace apical {

OperationOrder::OperationOrder(const Program& program)
    : program_(program), place_(program.operations.size()) {
    std::iota(place_.begin(), place_.end(), std::size_t{0});
}

std::vector<SlotId> OperationOrder::matrices(const Indices& operations) const {
    std::vector<SlotId> all;
    for (const std::size_t i : operations) all.push_back(matrix(i));
    return all;
}

void OperationOrder::perform_at(const Indices& operations, std::size_t place) {
    for (const std::size_t i : operations) place_[i] = place;
}

bool OperationOrder::touches(std::size_t index, SlotId slot) const {
    const std::vector<Operand>& operands = op(index).operands;
    for (const Operand& one : operands) {
        if (one.slot == slot) return true;
    }
    return false;
}

}  // namespace apical

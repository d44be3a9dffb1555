#include "sim/audit/amplification.hpp"

#include <algorithm>
#include <cmath>

namespace apical {

double Amplification::of(SlotId slot) {
    double& found = found_[slot.value];
    if (found == being_found) return 1.0;  // made of its own last value
    if (found != unknown) return found;
    found = being_found;
    double largest = 0.0;
    bool is_written = false;
    for (const Operation& op : program_.operations) {
        if (op.operands[0].slot != slot) continue;
        is_written = true;
        largest = std::max(largest, written(op));
    }
    return found_[slot.value] = is_written ? largest : 1.0;
}

double Amplification::written(const Operation& op) {
    const auto operand = [&](std::size_t k) { return of(op.operands[k].slot); };
    const bool one_to_one = op.kind == Kind::transmit && op.operands.size() == 2;
    if (op.kind == Kind::remember) return operand(1);
    if (one_to_one) return std::abs(op.gain) * operand(1);
    if (op.kind == Kind::hebb) return std::abs(op.gain) * operand(1) * operand(2);
    if (op.kind != Kind::cellwise) return 1.0;
    const auto function = op.function;
    if (function == Function::product) {
        return std::abs(op.gain) * operand(1) * (op.operands.size() > 2 ? operand(2) : 1.0);
    }
    if (function == Function::difference) return std::max(operand(1), operand(2));
    if (function != Function::sum) return 1.0;
    if (op.operands.size() > 3) return std::max(operand(1), operand(2));
    return std::max(std::abs(op.retain) * operand(1), std::abs(op.gain) * operand(2));
}

}  // namespace apical

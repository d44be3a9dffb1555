// Bounds of sums: of two numbers at one place, and over cells, with the products in these.
#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/audit/bounds.hpp"

namespace apical {

namespace {

// The operation by which `factor` was made as a multiple of `of` alone, with neither written since;
// null when it was made otherwise. mean(x x) is the sum of (x / n) x.
const Operation* multiple_of(const Program& program, const Operation& sum, SlotId factor,
                             SlotId of) {
    const auto at = static_cast<std::size_t>(&sum - program.operations.data());
    for (std::size_t i = at; i-- > 0;) {
        const Operation& op = program.operations[i];
        const SlotId written = op.operands[0].slot;
        if (written != factor && written != of) continue;
        const bool is_multiple = op.kind == Kind::cellwise && op.function == Function::product &&
                                 op.operands.size() == 2 && op.operands[1].slot == of;
        return written == factor && is_multiple ? &op : nullptr;
    }
    return nullptr;
}

}  // namespace

Interval square(const Interval& a) {
    const double most = std::max(a.low * a.low, a.high * a.high);
    const bool through_zero = a.low <= 0.0 && a.high >= 0.0;
    return {through_zero ? 0.0 : std::min(a.low * a.low, a.high * a.high), most};
}

// s a + t b or a - b; the number itself is anything.
Interval Bounds::sum(const Operation& op) const {
    constexpr double unbounded = std::numeric_limits<double>::infinity();
    const SlotId written = op.operands[0].slot;
    const auto operand = [&](std::size_t k) {
        const bool is_known = op.operands[k].slot != written || assumed_[written.value];
        return is_known ? of(op.operands[k].slot) : Interval{-unbounded, unbounded};
    };
    const auto scaled = [&](std::size_t k, double factor) {
        const bool by_number = op.operands.size() > 4;
        const Interval by = {factor, factor};
        return by_number ? by * operand(k + 2) * operand(k) : by * operand(k);
    };
    const bool adds = op.function == Function::sum;
    return scaled(1, adds ? op.retain : 1.0) + scaled(2, adds ? op.gain : -1.0);
}

Interval Bounds::summed(const Program& program, const Operation& op) const {
    const SlotId a = op.operands[1].slot, b = op.operands[2].slot;
    const double entries = static_cast<double>(program[a].rows) * program[a].columns;
    if (a == b) return Interval{entries, entries} * square(of(a));
    if (const Operation* multiple = multiple_of(program, op, a, b))
        return Interval{entries * multiple->gain, entries * multiple->gain} * square(of(b));
    return Interval{entries, entries} * (of(a) * of(b));
}

}  // namespace apical

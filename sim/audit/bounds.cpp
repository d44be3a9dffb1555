#include "sim/audit/bounds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace apical {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr Interval anything = {-infinity, infinity};

Interval hull(std::initializer_list<double> ends) {
    // 0 times infinity: nothing is known.
    if (std::any_of(ends.begin(), ends.end(), [](double x) { return std::isnan(x); }))
        return anything;
    return {std::min(ends), std::max(ends)};
}

Interval product(const Interval& a, const Interval& b) {
    return hull({a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high});
}

Interval quotient(const Interval& a, const Interval& b) {
    if (b.low < 0.0 && b.high > 0.0) return anything;
    const Interval inverse = b.low >= 0.0
                                 ? Interval{1.0 / b.high, b.low == 0.0 ? infinity : 1.0 / b.low}
                                 : Interval{b.high == 0.0 ? -infinity : 1.0 / b.high, 1.0 / b.low};
    return product(a, inverse);
}

Interval joined(const Interval& a, const Interval& b) {
    return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

Interval of_slope(Activation activation) {
    switch (activation) {
        case Activation::linear:
            return {1.0, 1.0};
        case Activation::logistic:
            return {0.0, 0.25};
        case Activation::softmax:
            return anything;
        default:
            return {0.0, 1.0};
    }
}

Interval of_noise(const Operation& op) {
    const bool drawn_sign = op.function == Function::sign && op.replay < 0;
    return drawn_sign ? Interval{-1.0, 1.0} : anything;
}

Interval one_minus(const Interval& a, Activation activation) {
    const Interval rest = {1.0 - a.high, 1.0 - a.low};
    if (activation != Activation::rectified) return rest;
    return {std::max(0.0, rest.low), std::max(0.0, rest.high)};
}

}  // namespace

// What is kept from step to step, and so starts with any value, has no bounds unless it is drawn.
Bounds::Bounds(const Program& program) : intervals_(program.slots.size(), anything) {
    std::vector<bool> known(program.slots.size());
    for (const Operation& op : program.operations) {
        const std::size_t slot = op.operands[0].slot.value;
        if (op.operands[0].access != Access::set) {
            intervals_[slot] = anything;
            known[slot] = true;
            continue;
        }
        const Interval interval = written(program, op);
        intervals_[slot] = known[slot] ? joined(intervals_[slot], interval) : interval;
        known[slot] = true;
    }
}

Interval Bounds::written(const Program& program, const Operation& op) const {
    const auto operand = [&](std::size_t k) { return of(op.operands[k].slot); };
    switch (op.function) {
        case Function::constant:
            return {op.gain, op.gain};
        case Function::slope:
            return of_slope(op.activation);
        case Function::complement:
            return one_minus(operand(1), op.activation);
        case Function::quotient:
            return quotient(operand(1), operand(2));
        case Function::balance:
            return {0.0, infinity};
        case Function::inner:
            return op.operands[1].slot == op.operands[2].slot ? Interval{0.0, infinity} : anything;
        case Function::product: {
            const Interval gain = {op.gain, op.gain};
            if (op.operands.size() == 2) return product(gain, operand(1));
            return product(gain, product(operand(1), operand(2)));
        }
        case Function::sign:
        case Function::normal:
            return of_noise(op);
        default:
            break;
    }
    const bool kept_a_step = op.kind == Kind::remember && !program[op.operands[0].slot].kept;
    return kept_a_step ? operand(1) : anything;
}

}  // namespace apical

#include "sim/audit/bounds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/audit/formula_bounds.hpp"

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

}  // namespace

Interval operator*(const Interval& a, const Interval& b) {
    return hull({a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high});
}

Interval operator+(double a, const Interval& b) { return {a + b.low, a + b.high}; }

namespace {

Interval joined(const Interval& a, const Interval& b) {
    return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

Interval quotient(const Interval& a, const Interval& b) {
    if (b.low < 0.0 && b.high > 0.0) return anything;
    const Interval inverse = b.low >= 0.0
                                 ? Interval{1.0 / b.high, b.low == 0.0 ? infinity : 1.0 / b.low}
                                 : Interval{b.high == 0.0 ? -infinity : 1.0 / b.high, 1.0 / b.low};
    return a * inverse;
}

Interval of_slope(Activation activation) {
    switch (activation) {
        case Activation::linear:
            return {1.0, 1.0};
        case Activation::logistic:
            return {0.0, 0.25};
        case Activation::softmax:
            return anything;
        case Activation::tanh:
        case Activation::rectified:
            return {0.0, 1.0};
    }
    return anything;
}

Interval of_activation(Activation activation) {
    switch (activation) {
        case Activation::tanh:
            return {-1.0, 1.0};
        case Activation::logistic:
        case Activation::softmax:
            return {0.0, 1.0};
        case Activation::rectified:
            return {0.0, infinity};
        case Activation::linear:
            return anything;
    }
    return anything;
}

// A rate is a mean of its last value and phi of a voltage.
Interval of_rate(const Operation& fire, const Slot& rate, const Circuit& circuit) {
    const Interval phi = of_activation(fire.activation);
    if (fire.operands[0].access == Access::set) return phi;
    if (!rate.cells) return anything;
    const Initializer& start = circuit[rate.cells].initial_rate;
    switch (start.kind) {
        case Initializer::Kind::activated_normal:
            return phi;
        case Initializer::Kind::constant:
            return joined(phi, {start.scale.factor, start.scale.factor});
        case Initializer::Kind::normal:
        case Initializer::Kind::uniform:
        case Initializer::Kind::orthogonal:
        case Initializer::Kind::identity:
        case Initializer::Kind::copy:
        case Initializer::Kind::file:
            return anything;
    }
    return anything;
}

Interval square(const Interval& a) {
    const double most = std::max(a.low * a.low, a.high * a.high);
    const bool through_zero = a.low <= 0.0 && a.high >= 0.0;
    return {through_zero ? 0.0 : std::min(a.low * a.low, a.high * a.high), most};
}

Interval of_noise(const Operation& op) {
    const bool drawn_sign = op.function == Function::sign && op.replay < 0;
    return drawn_sign ? Interval{-1.0, 1.0} : anything;
}

// What it sets a value back to, before the first step.
Interval of_rest(const Program& program, const Operation& reset, const Circuit& circuit) {
    if (reset.operands.size() == 1) return {0.0, 0.0};
    const Slot& rest = program[reset.operands[1].slot];
    const Initializer& start = rest.init;
    if (rest.what != What::at_rest || !rest.cells) return anything;
    if (start.kind == Initializer::Kind::activated_normal)
        return of_activation(circuit[rest.cells].activation);
    const bool number = start.kind == Initializer::Kind::constant;
    return number ? Interval{start.scale.factor, start.scale.factor} : anything;
}

// Whether it sets a value back to what it was itself at the end of a phase, within its bounds.
bool returns(const Program& program, const Operation& op) {
    if (op.kind != Kind::reset || op.operands.size() != 2) return false;
    const Slot& source = program[op.operands[1].slot];
    return source.what == What::at_end && source.of == op.operands[0].slot;
}

bool is_written_once(const Program& program, SlotId slot) {
    return std::count_if(program.operations.begin(), program.operations.end(),
                         [&](const Operation& op) {
                             return op.operands[0].slot == slot && op.kind != Kind::reset;
                         }) == 1;
}

// x <- a x + b y with 0 <= a < 1, in cells or, as a tag, at synapses with y = post pre. Nothing
// else writes x: an operation that did would be averaged too, also by who reads x before it.
bool is_running_mean(const Program& program, const Operation& op) {
    const bool in_cells = op.kind == Kind::cellwise && op.function == Function::sum &&
                          op.operands.size() == 3 && op.operands[1].slot == op.operands[0].slot;
    const bool at_synapses = op.kind == Kind::hebb && op.operands.size() == 3;
    if (!in_cells && !at_synapses) return false;
    const SlotId slot = op.operands[0].slot;
    const Slot& mean = program[slot];
    return op.retain >= 0.0 && op.retain < 1.0 && op.operands[2].slot != slot && mean.kept &&
           (mean.what == What::of_rule || mean.what == What::tag) &&
           mean.init.kind == Initializer::Kind::constant && is_written_once(program, slot);
}

// x <- a x + (1 - a) c y with c = b / (1 - a) is between x and c y.
Interval of_running_mean(const Slot& mean, const Operation& op, const Interval& y) {
    const double ratio = op.gain / (1.0 - op.retain);
    const double c = std::abs(ratio - 1.0) < 1e-12 ? 1.0 : ratio;  // up to rounding
    const Scale& start = mean.init.scale;
    const Interval first = start.relative == Scale::Relative::none
                               ? Interval{start.factor, start.factor}
                               : Interval{std::min(0.0, start.factor), std::max(0.0, start.factor)};
    return joined(first, Interval{c, c} * y);
}

Interval one_minus(const Interval& a, Activation activation) {
    const Interval rest = {1.0 - a.high, 1.0 - a.low};
    if (activation != Activation::rectified) return rest;
    return {std::max(0.0, rest.low), std::max(0.0, rest.high)};
}

}  // namespace

bool Interval::is_bounded() const { return std::isfinite(low) && std::isfinite(high); }

// Kept from step to step, a number starts with any value, so it has no bounds; only a rate has,
// what a formula bounds, whatever it was, and a mean of what has bounds.
Bounds::Bounds(const Program& program, const Circuit& circuit)
    : intervals_(program.slots.size(), anything) {
    std::vector<bool> known(program.slots.size());
    for (const Operation& op : program.operations) {
        const SlotId slot = op.operands[0].slot;
        const bool fires = op.kind == Kind::fire;
        const bool anew = op.operands[0].access == Access::set;
        const bool made = anew || op.function == Function::formula;
        if (returns(program, op)) continue;
        const Interval interval = fires                    ? of_rate(op, program[slot], circuit)
                                  : op.kind == Kind::reset ? of_rest(program, op, circuit)
                                  : is_running_mean(program, op) ? averaged(program, op)
                                  : made                         ? written(program, op)
                                                                 : anything;
        Interval& all = intervals_[slot.value];
        all = known[slot.value] ? joined(all, interval) : interval;
        known[slot.value] = true;
    }
}

// A number that it keeps from the step before is anything, also when it is the result.
Interval Bounds::of_formula(const Program& program, const Operation& op) const {
    std::vector<Interval> operands;
    for (const Operand& operand : op.operands) {
        const bool own = operand.slot == op.operands[0].slot;
        operands.push_back(own ? anything : of(operand.slot));
    }
    const Interval value = bounds_of(op.formula, operands);
    const Slot& slot = program[op.operands[0].slot];
    if (!slot.kept) return value;
    const bool number = slot.init.kind == Initializer::Kind::constant;
    return number ? joined(value, {slot.init.scale.factor, slot.init.scale.factor}) : anything;
}

Interval Bounds::averaged(const Program& program, const Operation& op) const {
    const Interval y = op.kind == Kind::hebb ? of(op.operands[1].slot) * of(op.operands[2].slot)
                                             : of(op.operands[2].slot);
    return of_running_mean(program[op.operands[0].slot], op, y);
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
            if (op.operands.size() == 2) return gain * operand(1);
            if (op.operands[1].slot == op.operands[2].slot) return gain * square(operand(1));
            return gain * (operand(1) * operand(2));
        }
        case Function::sign:
        case Function::normal:
            return of_noise(op);
        case Function::formula:
            return of_formula(program, op);
        case Function::none:
        case Function::sum:
        case Function::difference:
        case Function::jacobian:
        case Function::diagonal:
        case Function::zero:
        case Function::credit:
        case Function::history:
            break;
    }
    const bool kept_a_step = op.kind == Kind::remember && !program[op.operands[0].slot].kept;
    return kept_a_step ? operand(1) : anything;
}

}  // namespace apical

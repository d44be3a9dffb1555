#include "sim/audit/bounds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "circuits/anatomy/loss_kind.hpp"
#include "circuits/program/activation_formula.hpp"
#include "sim/audit/formula_bounds.hpp"
#include "sim/audit/reach.hpp"
#include "sim/audit/starts.hpp"

namespace apical {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr Interval anything = {-infinity, infinity};

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
        case Activation::written:  // a formula
            return anything;
        case Activation::tanh:
        case Activation::rectified:
            return {0.0, 1.0};
    }
    return anything;
}

Interval of_activation(Activation activation, const Formula& written) {
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
        case Activation::written:
            return bounds_of(written, std::vector(places_of(written), anything));
    }
    return anything;
}

// What begins so, of cells that fire phi.
Interval of_start(const Initializer& start, const Interval& phi) {
    switch (start.kind) {
        case Initializer::Kind::activated_normal:
            return phi;
        case Initializer::Kind::constant:
            return started(start.scale);
        case Initializer::Kind::half_normal:
        case Initializer::Kind::lognormal:  // on the side of 0 that the scale says
            if (start.scale.factor < 0.0) return {-infinity, 0.0};
            return {0.0, infinity};
        case Initializer::Kind::normal:
        case Initializer::Kind::uniform:
        case Initializer::Kind::orthogonal:
        case Initializer::Kind::identity:
        case Initializer::Kind::copy:
        case Initializer::Kind::file:
        case Initializer::Kind::connected:
            return anything;
    }
    return anything;
}

// A rate is a mean of its last value and phi of a voltage, unless anything else writes it.
Interval of_rate(const Operation& fire, const Slot& rate, const Circuit& circuit, bool alone) {
    if (fire.function == Function::spike) return {0.0, 1.0};
    const Interval phi = of_activation(fire.activation, fire.formula);
    if (fire.operands[0].access == Access::set) return phi;
    if (!rate.cells || !alone) return anything;
    return joined(phi, of_start(circuit[rate.cells].initial_rate, phi));
}

Interval of_noise(const Operation& op) {
    const bool is_uniform = op.function == Function::uniform || op.function == Function::sparse;
    if (op.replay >= 0 || (op.function != Function::sign && !is_uniform)) return anything;
    return is_uniform ? Interval{-op.gain, op.gain} : Interval{-1.0, 1.0};
}

// What it sets a value back to, before the first step.
Interval of_rest(const Program& program, const Operation& reset, const Circuit& circuit) {
    if (reset.operands.size() == 1) return {0.0, 0.0};
    const Slot& rest = program[reset.operands[1].slot];
    const bool is_of_start = rest.what == What::at_rest || rest.what == What::beginning;
    if (!is_of_start || !rest.cells) return anything;
    const Population& cells = circuit[rest.cells];
    const WrittenActivation* phi = circuit.written(cells);
    return of_start(rest.init,
                    of_activation(cells.activation, phi ? formulas_of(*phi).value : Formula{}));
}

// Whether it sets a value back to what it was itself at the end of a phase, within its bounds.
bool returns(const Program& program, const Operation& op) {
    if (op.kind != Kind::reset || op.operands.size() != 2) return false;
    const SlotId value = op.operands[0].slot, from = op.operands[1].slot;
    return (program[from].what == What::at_end && program[from].of == value) ||
           program[value].of == from;
}

bool is_written_once(const Program& program, SlotId slot) {
    return std::count_if(program.operations.begin(), program.operations.end(),
                         [&](const Operation& op) {
                             return op.operands[0].slot == slot && op.kind != Kind::reset;
                         }) == 1;
}

// Whether firing alone writes a rate, or sets it back: what else does takes it out of the
// activation's bounds, and the next step begins there.
bool is_fired_alone(const Program& program, SlotId rate) {
    return std::all_of(
        program.operations.begin(), program.operations.end(), [&](const Operation& op) {
            return op.operands[0].slot != rate || op.kind == Kind::fire || op.kind == Kind::reset;
        });
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

// Whether what begins there is never read: all that read it stand behind the operation that makes
// it anew, in its phase.
bool is_made_before_read(const Program& program, const Operation& op) {
    const SlotId slot = op.operands[0].slot;
    if (op.operands[0].access != Access::set || !is_written_once(program, slot)) return false;
    return std::all_of(
        program.operations.begin(), program.operations.end(), [&](const Operation& other) {
            const bool reads = std::any_of(other.operands.begin() + 1, other.operands.end(),
                                           [&](const Operand& one) { return one.slot == slot; });
            return !reads || (other.phase == op.phase && &op < &other);
        });
}

// Whether a rule keeps the number and lets it begin as a constant, which it stays where nothing
// writes it.
bool is_constant(const Slot& slot) {
    return slot.kept && (slot.what == What::of_rule || slot.what == What::tag) &&
           slot.init.kind == Initializer::Kind::constant;
}

// Whether the loss is a sum of squares; a cross-entropy with labels below 0 may be below 0.
bool is_of_squares(const Circuit& circuit) {
    return circuit.has_loss() && judged_by(circuit) != Activation::softmax;
}

// x <- a x + (1 - a) c y with c = b / (1 - a) is between x and c y.
Interval of_running_mean(const Slot& mean, const Operation& op, const Interval& y) {
    const double ratio = op.gain / (1.0 - op.retain);
    const double c = std::abs(ratio - 1.0) < 1e-12 ? 1.0 : ratio;  // up to rounding
    return joined(started(mean.init.scale), Interval{c, c} * y);
}

// x <- k x + y with 0 <= k <= most < 1 stays between what it starts as, nothing, and y / (1 -
// most).
Interval decayed(const Reach& reach, const Interval& start) {
    const auto [least, most] = reach.keep;
    if (!reach.own || !(least >= 0.0 && most < 1.0)) return anything;
    const double low = reach.rest.low / (1.0 - most), high = reach.rest.high / (1.0 - most);
    return joined(start, {std::min(low, 0.0), std::max(high, 0.0)});
}

Interval common(const Interval& a, const Interval& b) {
    return {std::max(a.low, b.low), std::min(a.high, b.high)};
}

Interval one_minus(const Interval& a, Activation activation) {
    const Interval rest = {1.0 - a.high, 1.0 - a.low};
    if (activation != Activation::rectified) return rest;
    return {std::max(0.0, rest.low), std::max(0.0, rest.high)};
}

}  // namespace

Interval start_of(const Starts& starts, const Slot& slot) {
    if (slot.what != What::strength) return {infinity, -infinity};
    const auto [low, high] = starts.range(slot.synapses);
    return {low, high};
}

// Numbers that are kept from step to step start with any value, and so have no bounds, but for
// rates, the values that a formula bounds or decays, means of what has bounds, numbers at synapses
// that each step makes anew, and constants that nothing writes.
Bounds::Bounds(const Program& program, const Circuit& circuit)
    : begin_(program.slots.size(), anything), assumed_(program.slots.size()) {
    std::vector<bool> changes(program.slots.size());
    for (const Operation& op : program.operations) changes[op.operands[0].slot.value] = true;
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        const Slot& slot = program.slots[i];
        if (!changes[i] && is_constant(slot)) begin_[i] = started(slot.init);
        if (slot.what == What::loss && is_of_squares(circuit)) begin_[i] = {0.0, infinity};
    }
    go_through(program, circuit);
    begin_with_last_step(program, circuit);
    find_what_stays_within(program, circuit);
}

void Bounds::go_through(const Program& program, const Circuit& circuit) {
    intervals_ = begin_;
    std::vector<bool> known = assumed_;
    for (const Operation& op : program.operations) {
        const SlotId slot = op.operands[0].slot;
        const bool fires = op.kind == Kind::fire;
        const bool anew = op.operands[0].access == Access::set;
        const bool made = anew || op.function == Function::formula || assumed_[slot.value] ||
                          op.kind == Kind::conduct;
        if (returns(program, op)) continue;
        const bool alone = !fires || is_fired_alone(program, slot);
        const std::optional<Interval> led = conductance(program, circuit, op);
        const Interval interval = led ? *led
                                  : op.function == Function::burst
                                      ? of(op.operands[1].slot) * of(op.operands[2].slot)
                                  : fires ? of_rate(op, program[slot], circuit, alone)
                                  : op.kind == Kind::reset       ? of_rest(program, op, circuit)
                                  : is_running_mean(program, op) ? averaged(program, op)
                                  : made                         ? written(program, op)
                                                                 : anything;
        Interval& all = intervals_[slot.value];
        all = known[slot.value] ? joined(all, interval) : interval;
        known[slot.value] = true;
    }
}

// A number that it keeps from the step before is anything, also when it is the result, but for what
// the formula bounds or decays, and what is assumed.
Interval Bounds::of_formula(const Program& program, const Operation& op) const {
    const SlotId written = op.operands[0].slot;
    std::vector<ReachOperand> operands;
    std::vector<Interval> bounds;
    for (const Operand& operand : op.operands) {
        const bool own = operand.slot == written;
        bounds.push_back(own && !assumed_[written.value] ? anything : of(operand.slot));
        operands.push_back({own, bounds.back(), {}});
    }
    const Interval value = bounds_of(op.formula, bounds);
    const Slot& slot = program[written];
    const bool begins = slot.kept && !assumed_[written.value];
    if (!begins || is_made_before_read(program, op)) return value;
    if (slot.init.kind != Initializer::Kind::constant) return anything;
    const Interval all = joined(value, started(slot.init.scale));
    const bool decays =
        (slot.what == What::of_rule || slot.what == What::tag) && is_written_once(program, written);
    if (!decays) return all;
    const Reach reach = reach_of(op.formula, operands, Counted::constants);
    return common(all, decayed(reach, started(slot.init.scale)));
}

Interval Bounds::averaged(const Program& program, const Operation& op) const {
    const Interval y = op.kind == Kind::hebb ? of(op.operands[1].slot) * of(op.operands[2].slot)
                                             : of(op.operands[2].slot);
    return of_running_mean(program[op.operands[0].slot], op, y);
}

Interval Bounds::written(const Program& program, const Operation& op) const {
    const auto operand = [&](std::size_t k) { return of(op.operands[k].slot); };
    if (traits(op.kind).gathers == Gathers::own_synapses) {
        const double synapses = program[op.operands[1].slot].columns;
        return Interval{synapses, synapses} * operand(1);
    }
    if (traits(op.kind).change == MatrixChange::formula)
        return program[op.operands[0].slot].what == What::tag ? of_formula(program, op) : anything;
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
        case Function::delay:
            return {0.0, infinity};
        case Function::inner:
            return summed(program, op);
        case Function::product: {
            const Interval gain = {op.gain, op.gain};
            if (op.operands.size() == 2) return gain * operand(1);
            if (op.operands[1].slot == op.operands[2].slot) return gain * square(operand(1));
            return gain * (operand(1) * operand(2));
        }
        case Function::sign:
        case Function::normal:
        case Function::uniform:
        case Function::sparse:
            return of_noise(op);
        case Function::formula:
            return of_formula(program, op);
        case Function::sum:
        case Function::difference:
            return sum(op);
        case Function::threshold:
        case Function::graded:
        case Function::divide:
        case Function::late:
        case Function::moved:
        case Function::spike:
            return {0.0, 1.0};
        case Function::winners:  // what was there, or 0
            return {0.0, 0.0};
        case Function::linear:
        case Function::burst:
        case Function::none:
        case Function::jacobian:
        case Function::diagonal:
        case Function::zero:
        case Function::credit:
        case Function::history:
        case Function::exact:
        case Function::euler:
        case Function::steady:
        case Function::cable:
            break;
    }
    const bool kept_a_step = op.kind == Kind::remember && !program[op.operands[0].slot].kept;
    return kept_a_step || op.kind == Kind::conduct ? operand(1) : anything;
}

}  // namespace apical

#include "sim/audit/firing_sizes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "circuits/program/activation_formula.hpp"
#include "circuits/program/formula_derivative.hpp"
#include "circuits/program/formula_value.hpp"
#include "sim/audit/formula_bounds.hpp"
#include "sim/audit/formula_sizes.hpp"
#include "sim/audit/saturation.hpp"

namespace apical {

namespace {

bool can_jump(const Formula& phi) {
    return std::any_of(phi.begin(), phi.end(), [](const FormulaNode& one) {
        return one.node == Node::step || one.node == Node::sign || one.node == Node::select;
    });
}

}  // namespace

Size size_of_fired(const Formula& phi, std::vector<Size> of, SlotId rate, Counted counted) {
    const Size drive = of.front();
    const Interval all = bounds_of(phi, any_of_all(phi));
    const int sign = all.low >= 0.0 ? 1 : all.high <= 0.0 ? -1 : 0;
    if (all.is_bounded()) return {all.size(), {}, sign};
    of.resize(places_of(phi));
    if (of.size() > 1) {
        const std::vector<bool> own(of.size());
        return size_of_formula(phi, {std::move(of), any_of_all(phi), own, rate, counted});
    }
    const Interval slope = bounds_of(derivative(phi), {any_drive});
    const double at_zero = std::abs(value_of(phi, 0.0));
    if (slope.is_bounded() && std::isfinite(at_zero) && !can_jump(phi)) {
        const double rise = slope.size() * drive.most;
        const bool constants = counted == Counted::constants;
        return {constants ? std::max(at_zero, rise) : at_zero + rise, drive.unbounded, sign};
    }
    return size_of_formula(phi, {{drive}, {any_drive}, {false}, rate, counted});
}

// Between what it is and the voltages that it is led to; what is added in an instant decays.
Size Sizes::led(const Reading& read) const {
    const Operation& op = read.op;
    if (!is_coupling(op.function)) {
        if (op.function != Function::sum) return read[1];
        return accumulated(std::abs(op.retain), std::abs(op.gain) * read[1], read.written);
    }
    Size most;
    std::size_t k = 1;
    for (const bool gated : op.gated) {
        most = larger(most, read[k]);
        k += gated ? 2 : 1;
    }
    return most;
}

// A label that a softmax is held against: parts of one.
bool Sizes::is_share(SlotId rate) const {
    const PopulationId cells = context_.program()[rate].cells,
                       output = context_.circuit().find_role(Role::output);
    return cells && output && context_.circuit()[cells].role == Role::label &&
           context_.circuit()[output].activation == Activation::softmax;
}

Size Sizes::transmitted(const Reading& read) const {
    const Operation& op = read.op;
    const Size carried = op.operands.size() == 2
                             ? op.gain * read[1]
                             : through(op.operands[2].slot, op.reverse, read[1]);
    if (!read.in_place()) return carried;
    return counted_ == Counted::constants ? larger(read[0], carried) : read[0] + carried;
}

// What a written activation is of: the drive, and numbers of each cell.
std::vector<Size> Sizes::fired_of(const Reading& read, const Size& drive) {
    std::vector<Size> all = {drive};
    for (std::size_t k = 1; k < places_of(read.op.formula); ++k)
        all.push_back(read[first_number_of(read.op) + k - 1]);
    return all;
}

Size Sizes::fired(const Reading& read) const {
    if (read.op.function == Function::spike) return {1.0, {}, 1};
    if (read.op.function == Function::burst) return read[1] * read[2];
    const bool is_written = read.op.activation == Activation::written;
    if (counted_ == Counted::constants)
        return is_written
                   ? size_of_fired(read.op.formula, fired_of(read, {1.0}), read.written, counted_)
                   : Size{1.0};
    const Slot& rate = context_.program()[read.written];
    Size drive = {1.0, {}, read.op.activation == Activation::logistic ? 1 : 0};
    if (!saturates(read.op)) {
        drive = {};
        std::size_t k = 1;
        for (const bool gated : read.op.gated) {
            drive = drive + read[k];
            k += gated ? 2 : 1;
        }
    }
    if (is_written)
        drive = size_of_fired(read.op.formula, fired_of(read, drive), read.written, counted_);
    const bool integrates = read.in_place() && rate.cells;
    if (!integrates) return drive;
    const Initializer& start = context_.circuit()[rate.cells].initial_rate;
    const bool number = start.kind == Initializer::Kind::constant;
    return {std::max(drive.most, number ? std::abs(start.scale.factor) : 0.0), drive.unbounded};
}

}  // namespace apical

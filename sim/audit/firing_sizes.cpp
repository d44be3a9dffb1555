#include "sim/audit/firing_sizes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "circuits/program/formula_derivative.hpp"
#include "circuits/program/formula_value.hpp"
#include "sim/audit/formula_bounds.hpp"
#include "sim/audit/formula_sizes.hpp"

namespace apical {

namespace {

constexpr Interval any_drive = {-std::numeric_limits<double>::infinity(),
                                std::numeric_limits<double>::infinity()};

bool can_jump(const Formula& phi) {
    return std::any_of(phi.begin(), phi.end(), [](const FormulaNode& one) {
        return one.node == Node::step || one.node == Node::sign || one.node == Node::select;
    });
}

}  // namespace

bool saturates(const Operation& fire) {
    switch (fire.activation) {
        case Activation::tanh:
        case Activation::logistic:
        case Activation::softmax:
            return true;
        case Activation::linear:
        case Activation::rectified:
            return false;
        case Activation::written:
            return bounds_of(fire.formula, {any_drive}).is_bounded();
    }
    return false;
}

Size size_of_fired(const Formula& phi, const Size& drive, SlotId rate, Counted counted) {
    const Interval all = bounds_of(phi, {any_drive});
    const int sign = all.low >= 0.0 ? 1 : all.high <= 0.0 ? -1 : 0;
    if (all.is_bounded()) return {all.size(), {}, sign};
    const Interval slope = bounds_of(derivative(phi), {any_drive});
    const double at_zero = std::abs(value_of(phi, 0.0));
    if (slope.is_bounded() && std::isfinite(at_zero) && !can_jump(phi)) {
        const double rise = slope.size() * drive.most;
        const bool constants = counted == Counted::constants;
        return {constants ? std::max(at_zero, rise) : at_zero + rise, drive.unbounded, sign};
    }
    return size_of_formula(phi, {{drive}, {any_drive}, {false}, rate, counted});
}

}  // namespace apical

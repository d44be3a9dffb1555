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

std::vector<Interval> any_of_all(const Formula& phi) { return {places_of(phi), any_drive}; }

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
            return bounds_of(fire.formula, any_of_all(fire.formula)).is_bounded();
    }
    return false;
}

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

}  // namespace apical

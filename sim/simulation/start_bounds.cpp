#include "sim/simulation/start_bounds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/engine/state_matrices.hpp"

namespace apical {

namespace {

struct ConstantBounds {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();

    bool has_low() const { return std::isfinite(low); }
    bool has_high() const { return std::isfinite(high); }
};

// The bounds that the last nodes of a formula are, from the outermost inwards.
ConstantBounds bounds_of(const Formula& formula) {
    ConstantBounds bounds;
    for (std::size_t at = formula.size() - 1;;) {
        const FormulaNode& node = formula[at];
        if (node.node != Node::minimum && node.node != Node::maximum) return bounds;
        const bool first = formula[node.a].node == Node::number;
        if (!first && formula[node.b].node != Node::number) return bounds;
        const double bound = formula[first ? node.a : node.b].number;
        double& side = node.node == Node::minimum ? bounds.high : bounds.low;
        if (!std::isfinite(side)) side = bound;
        at = first ? node.b : node.a;
    }
}

bool is_number_outside(double number, const ConstantBounds& bounds) {
    return number < bounds.low || number > bounds.high;
}

// "begin below 0 or above 0.25"
std::string where_they_begin(const ConstantBounds& bounds) {
    const std::string below = bounds.has_low() ? fmt::format("below {}", bounds.low) : "",
                      above = bounds.has_high() ? fmt::format("above {}", bounds.high) : "";
    return fmt::format("{}{}{}", below, below.empty() || above.empty() ? "" : " or ", above);
}

std::string expected_start(const ConstantBounds& bounds) {
    if (!bounds.has_low() || !bounds.has_high()) return "a start within";
    return fmt::format("a start within, as init = {{ uniform = [{}, {}] }}", bounds.low,
                       bounds.high);
}

// The place of what a slot begins with.
Where where_it_begins(const Circuit& circuit, const Slot& slot, const Operation& op) {
    const Where own =
        slot.what == What::strength ? circuit[slot.synapses].init.where : slot.init.where;
    if (own.line > 0) return own;
    return slot.what == What::strength ? circuit[slot.synapses].where : op.where;
}

void check_start(const Circuit& circuit, const State& state, const Operation& op) {
    const ConstantBounds bounds = bounds_of(op.formula);
    if (!bounds.has_low() && !bounds.has_high()) return;
    const SlotId id = op.operands[0].slot;
    const Slot& slot = state.program()[id];
    const algebra::Matrix numbers = numbers_of(state, id);
    const auto outside = std::count_if(numbers.data(), numbers.data() + numbers.size(),
                                       [&](double one) { return is_number_outside(one, bounds); });
    if (outside == 0) return;
    reject(where_it_begins(circuit, slot, op),
           fmt::format("{} of {} numbers of \"{}\" begin {}, within which {}{}{} keeps them; "
                       "expected {}",
                       outside, numbers.size(), slot.name, where_they_begin(bounds), op.asked_by,
                       op.statement.empty() ? "" : ", ", op.statement, expected_start(bounds)));
}

}  // namespace

void check_starts(const Circuit& circuit, const State& state) {
    for (const Operation& op : state.program().operations) {
        const bool changes_what_was = op.operands[0].access == Access::update;
        if (!op.formula.empty() && changes_what_was) check_start(circuit, state, op);
    }
}

}  // namespace apical

// Bounds of strengths: Dale's law and the key `bounds` of synapse sets. Projection keeps them,
//
//     W <- clip(W, low, high)
//
// once in each phase that changes the set, behind the last change: whichever rules make the
// changes, and however many. A strength that ends on the bound 0 is 0 and never -0, since of two
// equal numbers `minimum` and `maximum` take the second, which is the bound.
#include <map>
#include <numeric>

#include "circuits/program/program_builder.hpp"

namespace apical {

namespace {

std::uint16_t append_node(Formula& formula, const FormulaNode& node) {
    formula.push_back(node);
    return static_cast<std::uint16_t>(formula.size() - 1);
}

// By place 0 of the operation, the strength.
Formula projection_onto(const StrengthRange& range) {
    Formula formula;
    std::uint16_t value = append_node(formula, {.node = Node::operand, .index = Index::synapse});
    const auto bound = [&](Node by, double number) {
        const std::uint16_t at = append_node(formula, {.node = Node::number, .number = number});
        value = append_node(formula, {.node = by, .a = value, .b = at});
    };
    if (range.has_low()) bound(Node::maximum, range.low);
    if (range.has_high()) bound(Node::minimum, range.high);
    return formula;
}

}  // namespace

// As often as the changes of the phase that come most often together.
void ProgramBuilder::add_bounds() {
    for (std::size_t i = 0; i < circuit_.synapses.size(); ++i) {
        const SynapseSetId set(i);
        const SlotId strength = program_.strength_of(set);
        if (!strength || !circuit_.strength_range(set).is_limited()) continue;
        std::map<PhaseId, int> intervals;  // steps between two changes
        for (const Operation& op : program_.operations) {
            if (op.operands[0].slot == strength)
                intervals[op.phase] = std::gcd(intervals[op.phase], op.every);
        }
        for (const auto& [phase, steps] : intervals) keep_within(set, phase, steps);
    }
}

void ProgramBuilder::keep_within(SynapseSetId set, PhaseId phase, int steps) {
    begin(phase, "synapses." + circuit_[set].name, circuit_[set].where, Asker::bounds);
    every(steps);
    synaptic(strength(set), projection_onto(circuit_.strength_range(set)), {});
}

}  // namespace apical

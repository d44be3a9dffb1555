// Bounds of strengths, Dale's law and the key `bounds` of synapse sets, and synapses that are not
// there, the key `connect`, of a set that is stored as a matrix. Projection keeps both,
//
//     W <- clip(W, low, high)        W <- select(connected(W), clip(W, low, high), 0)
//
// connected(W) 1 where a synapse exists, once in each phase that changes the set, behind the last
// change, and in each iteration of a phase in which it changes there: whichever rules make the
// changes, and however many. A strength that ends on the bound 0
// is 0 and never -0, since of two equal numbers `minimum` and `maximum` take the second, which is
// the bound.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <numeric>
#include <utility>

#include "circuits/program/program_builder.hpp"

namespace apical {

namespace {

std::uint16_t append_node(Formula& formula, const FormulaNode& node) {
    formula.push_back(node);
    return static_cast<std::uint16_t>(formula.size() - 1);
}

// By place 0 of the operation, the strength, and place 1, where synapses exist.
Formula projection_onto(const StrengthRange& range, bool some_missing) {
    Formula formula;
    std::uint16_t value = append_node(formula, {.node = Node::operand, .index = Index::synapse});
    const auto bound = [&](Node by, double number) {
        const std::uint16_t at = append_node(formula, {.node = Node::number, .number = number});
        value = append_node(formula, {.node = by, .a = value, .b = at});
    };
    if (range.has_low()) bound(Node::maximum, range.low);
    if (range.has_high()) bound(Node::minimum, range.high);
    if (!some_missing) return formula;
    const std::uint16_t exists =
        append_node(formula, {.node = Node::operand, .index = Index::synapse, .a = 1});
    const std::uint16_t nothing = append_node(formula, {.node = Node::number});
    append_node(formula, {.node = Node::select, .a = exists, .b = value, .c = nothing});
    return formula;
}

}  // namespace

// As often as the changes of the phase that come most often together; those that take place in each
// iteration of it, by themselves.
void ProgramBuilder::add_bounds() {
    for (std::size_t i = 0; i < circuit_.synapses.size(); ++i) {
        const SynapseSetId set(i);
        const SlotId strength = program_.strength_of(set);
        if (!strength || !circuit_.is_kept_within(set)) continue;
        std::map<std::pair<PhaseId, int>, int> intervals;  // steps between two changes
        for (const Operation& op : program_.operations) {
            if (op.operands[0].slot != strength) continue;
            int& interval = intervals[{op.phase, op.iterations}];
            interval = std::gcd(interval, op.every);
        }
        for (const auto& [stretch, steps] : intervals)
            keep_within(set, stretch.first, stretch.second, steps);
    }
}

// What takes strengths over among the changes, as `copy` does, reads what was projected when it
// stands behind the changes of the set.
void ProgramBuilder::keep_within(SynapseSetId set, PhaseId phase, int iterations, int steps) {
    std::vector<Operation>& all = program_.operations;
    std::size_t behind = 0;  // the last change
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].operands[0].slot == strength(set) && all[i].phase == phase &&
            all[i].iterations == iterations)
            behind = i + 1;
    }
    begin(phase, "synapses." + circuit_[set].name, circuit_[set].where, Asker::bounds);
    iterations_ = iterations;
    // A phase that is not carried out in each step says itself in which its changes take place.
    if (!phase || circuit_[phase].steps.is_each()) every(steps);
    const bool some_missing = circuit_[set].has_gaps();
    std::vector<SlotId> operands;
    if (some_missing) operands.push_back(connected(set));
    synaptic(strength(set), projection_onto(circuit_.strength_range(set), some_missing), operands);
    std::rotate(all.begin() + static_cast<std::ptrdiff_t>(behind), all.end() - 1, all.end());
}

SlotId ProgramBuilder::connected(SynapseSetId set) {
    Initializer places;
    places.kind = Initializer::Kind::connected;
    places.where = circuit_[set].connect->where;
    const SlotId kept = tag(set, connected_name, places);
    const bool is_written =
        std::any_of(program_.operations.begin(), program_.operations.end(),
                    [&](const Operation& op) { return op.operands[0].slot == kept; });
    if (program_[kept].init.kind == places.kind && !is_written) return kept;
    reject(places.where,
           fmt::format("a rule keeps \"{}\" at synapses, which is the name of where \"{}\" has "
                       "some; expected another name in the rule",
                       connected_name, circuit_[set].name));
}

}  // namespace apical

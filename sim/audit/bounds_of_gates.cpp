// Bounds of what synapses make of a gate of coupled cells, a conductance.
#include <algorithm>
#include <limits>
#include <map>

#include "sim/audit/bounds.hpp"

namespace apical {

namespace {

constexpr double no_limit = std::numeric_limits<double>::infinity();
constexpr Interval any_number = {-no_limit, no_limit};

bool is_conductance(const Operation& op) {
    return op.kind == Kind::gate && op.function == Function::linear;
}

// The circuit's bounds hold where nothing changes the strengths, or a projection follows.
bool stays_within_bounds(const Program& program, SlotId strength) {
    bool changes = false, is_kept = false;
    for (const Operation& op : program.operations) {
        if (op.operands[0].slot != strength) continue;
        (op.asker == Asker::bounds ? is_kept : changes) = true;
    }
    return !changes || is_kept;
}

}  // namespace

// What arrives, in any phase: the sum over sets and wires, of strengths that stay within their
// bounds. Where a synapse does not exist nothing arrives.
Interval Bounds::arriving(const Program& program, const Circuit& circuit, SlotId sum) const {
    std::map<PhaseId, Interval> by_phase;
    for (const Operation& op : program.operations) {
        if (op.operands[0].slot != sum) continue;
        Interval& here = by_phase.try_emplace(op.phase, Interval{0.0, 0.0}).first->second;
        if (op.function == Function::zero) continue;
        if (op.kind != Kind::transmit) return any_number;
        const Interval rate = of(op.operands[1].slot);
        if (op.operands.size() < 3) {
            here = here + Interval{op.gain, op.gain} * rate;
            continue;
        }
        const Slot& strength = program[op.operands[2].slot];
        const bool is_bounded =
            strength.what == What::strength && stays_within_bounds(program, op.operands[2].slot);
        if (!is_bounded) return any_number;
        const StrengthRange range = circuit.strength_range(strength.synapses);
        const double synapses = op.reverse ? strength.rows : strength.columns;
        const Interval one = joined({0.0, 0.0}, Interval{range.low, range.high} * rate);
        here = here + Interval{synapses, synapses} * one;
    }
    Interval all{0.0, 0.0};
    for (const auto& [phase, one] : by_phase) all = joined(all, one);
    return all;
}

// max(0, what arrives), or on its way there from 0.
std::optional<Interval> Bounds::conductance(const Program& program, const Circuit& circuit,
                                            const Operation& op) const {
    if (!is_conductance(op)) return std::nullopt;
    const bool is_alone = std::all_of(
        program.operations.begin(), program.operations.end(), [&](const Operation& other) {
            return other.operands[0].slot != op.operands[0].slot || is_conductance(other) ||
                   other.function == Function::zero;
        });
    if (!is_alone) return any_number;
    const Interval arrives = arriving(program, circuit, op.operands[1].slot);
    return Interval{0.0, std::max(0.0, arrives.high)};
}

}  // namespace apical

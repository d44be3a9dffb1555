#include "sim/audit/emission.hpp"

#include <cassert>

namespace apical {

// Noise is no rate: to one it is added by what happens inside cells.
bool makes_rates(const Operation& op) { return traits(op.kind).writes == Carrier::rate; }

bool fires(const Operation& op) {
    return makes_rates(op) && traits(op.kind).locality != Locality::given;
}

Emissions::Emissions(const AuditContext& context)
    : context_(context), firing_(context.program().phase_names.size()) {
    for (const Operation& op : context_.operations()) {
        if (op.phase && fires(op)) firing_[op.phase.value].push_back(&op);
    }
}

// The error population's rate is another one of its output's cells, so the cells must be the very
// same population or fire in different phases.
const Operation* Emissions::fired(PopulationId cells, PhaseId phase) const {
    if (!phase) return nullptr;
    for (const Operation* op : firing_[phase.value]) {
        if (context_.same_cells(context_.slot(*op, 0).cells, cells)) return op;
    }
    return nullptr;
}

const Operation* Emissions::move_of(SlotId gate, PhaseId phase) const {
    const Operation* last = nullptr;
    for (const std::uint32_t i : context_.writers(gate)) {
        const Operation& op = context_.operations()[i];
        if (op.kind == Kind::gate && op.phase && op.phase <= phase) last = &op;
    }
    return last;
}

// A gate that is late may be what it was before, and one that cells make is what they fire.
bool Emissions::is_open(SlotId gate, PhaseId phase) const {
    const Operation* move = move_of(gate, phase);
    return move && (move->function != Function::none || move->gain > 0.0);
}

// Cells go on with a rate while the paths that made them fire it are as open as they were: each one
// as far as it is meant to be.
bool Emissions::is_as_open(SlotId gate, PhaseId made, PhaseId phase) const {
    const Operation *then = move_of(gate, made), *now = move_of(gate, phase);
    if (!then || !now || then->function != now->function) return false;
    if (is_gate_of_cells(*now)) return true;
    if (now->function == Function::none) return now->gain > 0.0 && now->gain == then->gain;
    return now->weights.front() == then->weights.front();
}

bool Emissions::is_open_for(const Operation& fire, PhaseId phase) const {
    std::size_t k = 1;
    for (const bool gated : fire.gated) {
        if (gated && !is_as_open(fire.operands[k + 1].slot, fire.phase, phase)) return false;
        k += gated ? 2 : 1;
    }
    return true;
}

Emission Emissions::of(SlotId rate, PhaseId phase) const {
    const Operation* made = nullptr;
    for (const std::uint32_t i : context_.writers(rate)) {
        const Operation& op = context_.operations()[i];
        if (!makes_rates(op)) continue;
        if (!fires(op) || op.phase == phase) return Emission::fires;
        made = &op;
    }
    if (!made) return Emission::fires;  // a constant
    if (fired(context_.program()[rate].cells, phase)) return Emission::fires_another;
    return is_open_for(*made, phase) ? Emission::holds : Emission::shut;
}

const std::string& Emissions::other(PopulationId cells, PhaseId phase) const {
    const Operation* op = fired(cells, phase);
    assert(op);
    return context_.slot(*op, 0).name;
}

}  // namespace apical

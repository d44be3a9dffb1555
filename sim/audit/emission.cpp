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

bool Emissions::is_open(SlotId gate, PhaseId phase) const {
    bool open = false;
    for (const std::uint32_t i : context_.writers(gate)) {
        const Operation& op = context_.operations()[i];
        if (op.kind != Kind::gate) continue;
        if (op.phase && op.phase <= phase) open = op.gain > 0.0;
    }
    return open;
}

bool Emissions::is_open_for(const Operation& fire, PhaseId phase) const {
    std::size_t k = 1;
    for (const bool gated : fire.gated) {
        if (gated && !is_open(fire.operands[k + 1].slot, phase)) return false;
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

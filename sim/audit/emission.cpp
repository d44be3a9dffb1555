#include "sim/audit/emission.hpp"

#include <cassert>

namespace apical {

bool makes_rates(const Operation& op) {
    switch (op.kind) {
        case Kind::fire:
        case Kind::readout:
        case Kind::inject:
            return true;
        case Kind::noise:  // to a rate it is added by what happens inside cells
        case Kind::gate:
        case Kind::transmit:
        case Kind::relax:
        case Kind::cellwise:
        case Kind::modulate:
        case Kind::hebb:
        case Kind::consolidate:
        case Kind::assign:
        case Kind::multiply:
        case Kind::contract:
        case Kind::recall:
        case Kind::remember:
            return false;
    }
    return false;
}

Emissions::Emissions(const Examination& examination)
    : e_(examination), firing_(examination.program().phase_names.size()) {
    for (const Operation& op : e_.operations()) {
        if (op.phase && makes_rates(op) && op.kind != Kind::inject)
            firing_[op.phase.value].push_back(&op);
    }
}

// The error population's rate is another one of its output's cells, so the cells must be the very
// same population or fire in different phases.
const Operation* Emissions::fired(PopulationId cells, PhaseId phase) const {
    if (!phase) return nullptr;
    for (const Operation* op : firing_[phase.value]) {
        if (e_.same_cells(e_.slot(*op, 0).cells, cells)) return op;
    }
    return nullptr;
}

bool Emissions::is_open(SlotId gate, PhaseId phase) const {
    bool open = false;
    for (const std::uint32_t i : e_.writers(gate)) {
        const Operation& op = e_.operations()[i];
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
    for (const std::uint32_t i : e_.writers(rate)) {
        const Operation& op = e_.operations()[i];
        if (!makes_rates(op)) continue;
        if (op.kind == Kind::inject || op.phase == phase) return Emission::fires;
        made = &op;
    }
    if (!made) return Emission::fires;  // a constant
    if (fired(e_.program()[rate].cells, phase)) return Emission::fires_another;
    return is_open_for(*made, phase) ? Emission::holds : Emission::shut;
}

const std::string& Emissions::other(PopulationId cells, PhaseId phase) const {
    const Operation* op = fired(cells, phase);
    assert(op);
    return e_.slot(*op, 0).name;
}

}  // namespace apical

#include "circuits/program/forward_pass.hpp"

#include <cmath>

namespace apical {

namespace {

// Appends the operations of one phase, part by part.
class EmittedPhase {
public:
    EmittedPhase(ProgramBuilder& program, PhaseId phase)
        : p_(program), circuit_(program.circuit()), phase_(phase) {}

    void begin_phase() {
        for (std::size_t i = 0; i < circuit_.gates.size(); ++i) {
            if (circuit_.gates[i].is_by_cells()) continue;
            announce(GateId(i));
            p_.set_gate(GateId(i), circuit_.gates[i].open_in[phase_.value]);
        }
        if (phase_ == PhaseId(0)) inject();
    }

    void arrive(CompartmentId compartment) {
        const PopulationId cells = circuit_[compartment].population;
        if (circuit_[cells].role == Role::error && circuit_[cells].fires_in == phase_)
            compare(cells);
        for (const SynapseUse& use : circuit_.uses) {
            if (use.target == compartment && !use.gate) transmit(use);
        }
        const double tau = circuit_[compartment].tau_ms * nanoseconds_per_ms;
        if (tau == 0.0) return;
        // Exact while the drive is constant: v(t + T) = I + (v(t) - I) exp(-T / tau).
        announce(cells);
        p_.relax(compartment, std::exp(-static_cast<double>(circuit_[phase_].nanoseconds) / tau));
    }

    void gate(GateId gate) {
        for (const SynapseUse& use : circuit_.uses) {
            if (use.gate == gate) transmit(use);
        }
        announce(gate);
        p_.make_gate(gate);
    }

    void fire(PopulationId population) {
        announce(population);
        if (circuit_[population].activation == Activation::softmax) {
            p_.readout(population);
        } else {
            p_.fire(population);
        }
    }

private:
    void announce(PopulationId population) {
        p_.begin(phase_, "population." + circuit_[population].name, circuit_[population].where);
    }

    void announce(GateId gate) {
        p_.begin(phase_, gate_address(circuit_[gate].name), circuit_[gate].where);
    }

    void transmit(const SynapseUse& use) {
        if (use.phase != phase_) return;
        p_.begin(phase_, "synapses." + circuit_[use.set].name + (use.reverse ? ".back" : ""),
                 use.where);
        p_.transmit(use);
    }

    void inject() {
        for (const Role role : {Role::input, Role::label}) {
            const PopulationId population = circuit_.find_role(role);
            if (!population) continue;
            announce(population);
            p_.inject(population);
        }
    }

    // Error cells are excited by the output and inhibited by the label, one to one.
    void compare(PopulationId error) {
        announce(error);
        const CompartmentId soma = circuit_.soma(error);
        const SlotId fired = p_.rate(circuit_[error].same_cells_as);
        const bool together = circuit_[phase_].together;
        p_.transmit_one_to_one(together ? p_.before(fired, phase_) : fired, soma, 1.0);
        p_.transmit_one_to_one(p_.rate(circuit_.find_role(Role::label)), soma, -1.0);
    }

    ProgramBuilder& p_;
    const Circuit& circuit_;
    PhaseId phase_;
};

void add_phase(std::vector<ForwardPart>& parts, const Circuit& circuit, PhaseId phase) {
    using enum ForwardPart::What;
    parts.push_back({beginning, phase});
    for (const Station& station : order_of_phase(circuit, phase)) {
        if (const auto* compartment = std::get_if<CompartmentId>(&station)) {
            parts.push_back({arrival, phase, *compartment});
            continue;
        }
        if (const auto* gate = std::get_if<GateId>(&station)) {
            parts.push_back({gating, phase, {}, {}, *gate});
            continue;
        }
        const PopulationId population = std::get<PopulationId>(station);
        if (!circuit.fires(population, phase)) continue;
        parts.push_back({before_firing, phase, {}, population});
        parts.push_back({firing, phase, {}, population});
    }
    for (std::size_t i = 0; i < circuit.populations.size(); ++i) {
        if (!circuit.fires(PopulationId(i), phase))
            parts.push_back({before_firing, phase, {}, PopulationId(i)});
    }
    parts.push_back({end, phase});
}

}  // namespace

std::vector<ForwardPart> forward_parts(const Circuit& circuit) {
    std::vector<ForwardPart> parts;
    for (std::size_t p = 0; p < circuit.phases.size(); ++p) add_phase(parts, circuit, PhaseId(p));
    return parts;
}

void emit(ProgramBuilder& program, const ForwardPart& part) {
    using enum ForwardPart::What;
    EmittedPhase emitted(program, part.phase);
    switch (part.what) {
        case beginning:
            return emitted.begin_phase();
        case arrival:
            return emitted.arrive(part.compartment);
        case gating:
            return emitted.gate(part.gate);
        case firing:
            return emitted.fire(part.population);
        case before_firing:
        case end:
            return;
    }
}

}  // namespace apical

#include "circuits/program/forward_pass.hpp"

#include <cmath>

#include "circuits/anatomy/anatomy.hpp"

namespace apical {

namespace {

class ForwardPass {
public:
    ForwardPass(ProgramBuilder& program, const InsideCells& inside)
        : p_(program), circuit_(program.circuit()), inside_(inside) {}

    void emit(PhaseId phase) {
        phase_ = phase;
        uses_into_.assign(circuit_.compartments.size(), {});
        for (const SynapseUse& use : circuit_.uses) {
            if (use.phase == phase) uses_into_[use.target.value].push_back(&use);
        }
        for (std::size_t i = 0; i < circuit_.gates.size(); ++i) {
            p_.begin(phase, gate_address(circuit_.gates[i].name), circuit_.gates[i].where);
            p_.set_gate(GateId(i), circuit_.gates[i].open_in[phase.value]);
        }
        if (phase == PhaseId(0)) inject();
        for (const Station& station : order_of_phase(circuit_, phase)) {
            std::visit([&](auto id) { arrive(id); }, station);
        }
        for (std::size_t i = 0; i < circuit_.populations.size(); ++i) {
            if (!circuit_.fires(PopulationId(i), phase_)) take_place_inside(PopulationId(i));
        }
        if (inside_.after_firing) inside_.after_firing(phase_);
    }

private:
    void announce(PopulationId population) {
        p_.begin(phase_, "population." + circuit_[population].name, circuit_[population].where);
    }

    void inject() {
        for (const Role role : {Role::input, Role::label}) {
            const PopulationId population = circuit_.find_role(role);
            if (!population) continue;
            announce(population);
            p_.inject(population);
        }
    }

    void arrive(CompartmentId compartment) {
        const PopulationId cells = circuit_[compartment].population;
        if (circuit_[cells].role == Role::error && circuit_[cells].fires_in == phase_)
            compare(cells);
        for (const SynapseUse* use : uses_into_[compartment.value]) {
            p_.begin(phase_, "synapses." + circuit_[use->set].name + (use->reverse ? ".back" : ""),
                     use->where);
            p_.transmit(*use);
        }
        const double tau = circuit_[compartment].tau_ms * nanoseconds_per_ms;
        if (tau == 0.0) return;
        // Exact while the drive is constant: v(t + T) = I + (v(t) - I) exp(-T / tau).
        announce(cells);
        p_.relax(compartment, std::exp(-static_cast<double>(circuit_[phase_].nanoseconds) / tau));
    }

    void take_place_inside(PopulationId population) {
        if (inside_.before_firing) inside_.before_firing(phase_, population);
    }

    // Error cells are excited by the output and inhibited by the label, one to one.
    void compare(PopulationId error) {
        announce(error);
        const CompartmentId soma = circuit_.soma(error);
        p_.transmit_one_to_one(p_.rate(circuit_[error].same_cells_as), soma, 1.0);
        p_.transmit_one_to_one(p_.rate(circuit_.find_role(Role::label)), soma, -1.0);
    }

    void arrive(PopulationId population) {
        if (!circuit_.fires(population, phase_)) return;
        take_place_inside(population);
        const Population& cells = circuit_[population];
        announce(population);
        if (cells.activation == Activation::softmax) {
            p_.readout(population);
        } else {
            p_.fire(population);
        }
    }

    ProgramBuilder& p_;
    const Circuit& circuit_;
    const InsideCells& inside_;
    PhaseId phase_;
    std::vector<std::vector<const SynapseUse*>> uses_into_;  // by compartment, in this phase
};

}  // namespace

void emit_forward_pass(ProgramBuilder& program, const InsideCells& inside) {
    ForwardPass pass(program, inside);
    for (std::size_t p = 0; p < program.circuit().phases.size(); ++p) pass.emit(PhaseId(p));
}

}  // namespace apical

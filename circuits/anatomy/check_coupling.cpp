#include <fmt/format.h>

#include "circuits/anatomy/check_circuit.hpp"
#include "circuits/text/error.hpp"

namespace apical {

namespace {

class CouplingCheck {
public:
    explicit CouplingCheck(const Circuit& circuit) : circuit_(circuit) {}

    void check() {
        for (const SynapseUse& use : circuit_.uses) mistakes_.attempt([&] { check_use(use); });
        for (const Wire& wire : circuit_.wires) mistakes_.attempt([&] { check_wire(wire); });
        for (const Gate& gate : circuit_.gates) mistakes_.attempt([&] { check_gate(gate); });
        for (std::size_t i = 0; i < circuit_.populations.size(); ++i) {
            if (!circuit_.populations[i].coupling) continue;
            mistakes_.attempt([&] { check_sums(PopulationId(i)); });
        }
        mistakes_.reject_any();
    }

private:
    bool is_coupled_soma(CompartmentId c) const {
        return circuit_.is_soma(c) && circuit_[circuit_[c].population].coupling;
    }

    std::string dendrite_for_synapses(PopulationId cells) const {
        return circuit_.full_name(circuit_.driven_dendrite(cells));
    }

    void check_use(const SynapseUse& use) const {
        if (!is_coupled_soma(use.target)) return;
        const PopulationId cells = circuit_[use.target].population;
        reject(use.where,
               fmt::format("synapses \"{}\" go to \"{}\", which its dendrites alone move "
                           "(population.{}.coupling); expected \"{}\"",
                           circuit_[use.set].name, circuit_.full_name(use.target),
                           circuit_[cells].name, dendrite_for_synapses(cells)));
    }

    // A clamp sets the potential, whatever leads it.
    void check_wire(const Wire& wire) const {
        if (wire.clamps || !is_coupled_soma(wire.target)) return;
        const PopulationId cells = circuit_[wire.target].population;
        reject(wire.where, fmt::format("[{}] goes to \"{}\", which its dendrites alone move "
                                       "(population.{}.coupling); expected \"{}\"",
                                       wire.asked_by, circuit_.full_name(wire.target),
                                       circuit_[cells].name, dendrite_for_synapses(cells)));
    }

    void check_gate(const Gate& gate) const {
        const PopulationId cells = circuit_[gate.compartment].population;
        if (!circuit_[cells].coupling || circuit_.is_coupled(gate.compartment)) return;
        reject(gate.where,
               fmt::format("gate \"{}\" opens \"{}\", but cells with coupling always fire by their "
                           "soma, and a gate opens the way from a dendrite to it; expected a "
                           "dendrite of population.{}.coupling",
                           gate.name, circuit_.full_name(gate.compartment), circuit_[cells].name));
    }

    // All conductances that are open in a phase, per ms.
    double open_sum(PopulationId cells, PhaseId phase) const {
        double sum = circuit_[cells].coupling->leak;
        for (const CompartmentId c : circuit_.coupled_dendrites(cells)) {
            const GateId gate = circuit_[c].gate;
            if (!gate || circuit_[gate].open_in[phase.value]) sum += *circuit_[c].conductance;
        }
        return sum;
    }

    void check_sums(PopulationId id) const {
        const Population& cells = circuit_[id];
        for (std::size_t p = 0; p < circuit_.phases.size(); ++p) {
            const Phase& phase = circuit_.phases[p];
            const double sum = open_sum(id, PhaseId(p)), ms = in_ms(phase.nanoseconds);
            if (cells.coupling->solver == Solver::steady && sum == 0.0) {
                reject(cells.coupling->where,
                       fmt::format("nothing leads the soma of \"{}\" anywhere in phase \"{}\": its "
                                   "gates are shut and it has no leak; expected leak above 0",
                                   cells.name, phase.name));
            }
            if (cells.coupling->solver == Solver::euler && sum * ms > 1.0) {
                reject(cells.coupling->where,
                       fmt::format("Euler's step leads \"{}\" beyond where it is led: {} ms of "
                                   "phase \"{}\" times conductances of {:.6g} / ms are {:.6g}; "
                                   "expected at most 1, or solver = \"exact\"",
                                   cells.name, ms, phase.name, sum, sum * ms));
            }
        }
    }

    const Circuit& circuit_;
    Mistakes mistakes_;
};

}  // namespace

void check_coupling(const Circuit& circuit) { CouplingCheck(circuit).check(); }

}  // namespace apical

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
        if (circuit_.is_branch(use.target) && !use.gate) reject_branch(use.where, use.target);
        if (!is_coupled_soma(use.target)) return;
        const PopulationId cells = circuit_[use.target].population;
        reject(use.where,
               fmt::format("synapses \"{}\" go to \"{}\", which its dendrites alone move "
                           "(population.{}.coupling); expected \"{}\"",
                           circuit_[use.set].name, circuit_.full_name(use.target),
                           circuit_[cells].name, dendrite_for_synapses(cells)));
    }

    [[noreturn]] void reject_branch(const Where& where, CompartmentId branch) const {
        const std::vector<CompartmentId> on = circuit_.dendrites_of(branch);
        reject(where,
               fmt::format("\"{0}\" follows what is coupled to it "
                           "(population.{1}.coupling), and nothing is transmitted there; "
                           "expected a dendrite on it, as \"{2}\"",
                           circuit_.full_name(branch), circuit_[circuit_[branch].population].name,
                           circuit_.full_name(on.front())));
    }

    // A clamp sets the potential, whatever leads it.
    void check_wire(const Wire& wire) const {
        if (circuit_.is_branch(wire.target)) reject_branch(wire.where, wire.target);
        if (circuit_[wire.target].reversal) {
            reject(wire.where,
                   fmt::format("[{}] goes to \"{}\", which stays at its reversal "
                               "potential; expected synapses, which bring a conductance",
                               wire.asked_by, circuit_.full_name(wire.target)));
        }
        if (wire.clamps && circuit_.has_tree(circuit_[wire.target].population)) {
            reject(wire.where,
                   fmt::format("[{}] clamps the soma of \"{}\", whose branches would "
                               "not follow it; expected as = \"conductance\"",
                               wire.asked_by, circuit_[circuit_[wire.target].population].name));
        }
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

    // All conductances at a soma or a branch that are open in a phase, per ms. Those that synapses
    // bring are known in the run alone.
    double open_sum(CompartmentId led, PhaseId phase) const {
        const Coupling& coupling = *circuit_[circuit_[led].population].coupling;
        double sum = circuit_.is_soma(led) ? coupling.leak : circuit_[led].leak;
        for (const CompartmentId c : circuit_.dendrites_of(led)) {
            const GateId gate = circuit_[c].gate;
            const bool is_open = !gate || circuit_[gate].open_in[phase.value];
            if (is_open && !circuit_[c].reversal) sum += *circuit_[c].conductance;
        }
        return sum;
    }

    void check_sums(PopulationId id) const {
        const Population& cells = circuit_[id];
        if (circuit_.has_tree(id) && cells.coupling->solver == Solver::exact) check_constant(id);
        for (const CompartmentId c : cells.compartments) {
            if (circuit_.is_branch(c)) check_branch(c);
            if (!circuit_.is_led(c)) continue;
            for (std::size_t p = 0; p < circuit_.phases.size(); ++p) check_sum(c, PhaseId(p));
        }
    }

    void check_sum(CompartmentId led, PhaseId id) const {
        const Population& cells = circuit_[circuit_[led].population];
        const Phase& phase = circuit_[id];
        const double ms = in_ms(phase.nanoseconds);
        double sum = open_sum(led, id);
        if (cells.coupling->solver == Solver::steady && sum == 0.0) {
            reject(cells.coupling->where,
                   fmt::format("nothing leads the {} of \"{}\" anywhere in phase \"{}\": its "
                               "gates are shut and it has no leak; expected leak above 0",
                               circuit_[led].name, cells.name, phase.name));
        }
        if (!circuit_.is_soma(led)) sum += *circuit_[led].conductance;
        if (cells.coupling->solver != Solver::euler || sum * ms <= 1.0) return;
        const std::string of = circuit_.is_soma(led) ? cells.name : circuit_.full_name(led);
        reject(
            cells.coupling->where,
            fmt::format("Euler's step leads \"{}\" beyond where it is led: {} ms of phase "
                        "\"{}\" times conductances of {:.6g} / ms are {:.6g}; expected at most "
                        "1, or solver = {}",
                        of, ms, phase.name, sum, sum * ms,
                        circuit_.has_tree(circuit_[led].population) ? "\"steady\"" : "\"exact\""));
    }

    // What is between two potentials divides by the sum of its conductances.
    void check_branch(CompartmentId branch) const {
        double sum = circuit_[branch].leak;
        for (const CompartmentId c : circuit_.dendrites_of(branch))
            if (!circuit_[c].gate) sum += *circuit_[c].conductance;
        if (sum > 0.0) return;
        reject(circuit_[circuit_[branch].population].coupling->where,
               fmt::format("nothing surely leads \"{}\" anywhere; expected leak above 0 in "
                           "population.{}.coupling.{}",
                           circuit_.full_name(branch), circuit_[circuit_[branch].population].name,
                           circuit_[branch].name));
    }

    // The exact solution of a tree is known before the run, or not at all.
    void check_constant(PopulationId id) const {
        for (const CompartmentId c : circuit_.coupled_dendrites(id)) {
            const GateId gate = circuit_[c].gate;
            if (!gate) continue;
            const bool is_reversal = circuit_[c].reversal.has_value();
            reject(
                is_reversal ? circuit_[id].coupling->where : circuit_[gate].where,
                fmt::format("{} changes a conductance of \"{}\", whose dendrites are coupled to "
                            "dendrites: the exact solution is of constant conductances alone; "
                            "expected solver = \"steady\" or \"euler\" in population.{}.coupling",
                            is_reversal ? fmt::format("the reversal of \"{}\"", circuit_[c].name)
                                        : fmt::format("gate \"{}\"", circuit_[gate].name),
                            circuit_[id].name, circuit_[id].name));
        }
    }

    const Circuit& circuit_;
    Mistakes mistakes_;
};

}  // namespace

void check_coupling(const Circuit& circuit) { CouplingCheck(circuit).check(); }

}  // namespace apical

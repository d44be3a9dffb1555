// A gate whose path makes cells fire another thing than phi of a voltage.
#include <fmt/format.h>

#include "circuits/anatomy/check_circuit.hpp"
#include "circuits/text/error.hpp"

namespace apical {

namespace {

// The compartment that may drive firing beside the gate's own in one of its phases.
void check_alone(const Circuit& circuit, const Gate& gate) {
    const PopulationId cells = circuit[gate.compartment].population;
    for (std::size_t p = 0; p < circuit.phases.size(); ++p) {
        if (!gate.open_in[p]) continue;
        for (const CompartmentId other : circuit[cells].compartments) {
            if (other == gate.compartment || !circuit.may_be_open(other, PhaseId(p))) continue;
            const bool is_meant = circuit.is_open(other, PhaseId(p));
            reject(gate.emits->where,
                   fmt::format(
                       "gate \"{}\" emits what the cells fire while \"{}\" alone drives "
                       "them, but \"{}\" {} in phase \"{}\" too; expected a gate that "
                       "shuts it then",
                       gate.name, circuit.full_name(gate.compartment), circuit.full_name(other),
                       is_meant ? "drives them" : "may drive them", circuit.phases[p].name));
        }
    }
}

}  // namespace

void check_emits(const Circuit& circuit) {
    for (const Gate& gate : circuit.gates) {
        if (!gate.emits) continue;
        const Population& cells = circuit[circuit[gate.compartment].population];
        if (cells.coupling) {
            reject(gate.emits->where,
                   fmt::format("gate \"{}\" has emits, but cells with coupling fire by their soma "
                               "alone (population.{}.coupling); expected no emits",
                               gate.name, cells.name));
        }
        check_alone(circuit, gate);
    }
}

}  // namespace apical

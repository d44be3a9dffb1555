#include "circuits/anatomy/check_circuit.hpp"

#include <fmt/format.h>

namespace apical {

namespace {

bool driven_somewhere(const Circuit& circuit, CompartmentId compartment) {
    for (std::size_t p = 0; p < circuit.phases.size(); ++p) {
        if (circuit.is_driven(compartment, PhaseId(p))) return true;
    }
    return false;
}

void check_targets(const Circuit& circuit) {
    for (const SynapseUse& use : circuit.uses) {
        const Population& cells = circuit[circuit[use.target].population];
        if (cells.role == Role::cells || cells.role == Role::output) continue;
        reject(use.where, fmt::format("synapses \"{}\" go to \"{}\", but nothing else may drive a "
                                      "population of this role",
                                      circuit[use.set].name, circuit.target_name(use)));
    }
}

void check_driven(const Circuit& circuit) {
    for (std::size_t i = 0; i < circuit.compartments.size(); ++i) {
        const Compartment& compartment = circuit.compartments[i];
        const Role role = circuit[compartment.population].role;
        if (is_set_from_outside(role) || driven_somewhere(circuit, CompartmentId(i))) continue;
        reject(compartment.where,
               fmt::format("nothing drives \"{}\"; expected a synapse set that goes to it",
                           circuit.full_name(CompartmentId(i))));
    }
}

// A gate that cells make, and that no cells reach, would always be open.
void check_inhibited(const Circuit& circuit) {
    for (const Gate& gate : circuit.gates) {
        if (!gate.is_by_cells() || !gate.driven_in.empty()) continue;
        reject(gate.where,
               fmt::format("nothing inhibits gate \"{0}\"; expected a synapse set that goes to "
                           "\"{1}.gate\", or no by = \"activity\"",
                           gate.name, circuit.full_name(gate.compartment)));
    }
}

std::string ungated_dendrites(const Circuit& circuit, PopulationId population) {
    std::vector<std::string> names;
    for (const CompartmentId c : circuit[population].compartments) {
        if (!circuit.is_soma(c) && !circuit[c].gate) names.push_back(circuit.full_name(c));
    }
    return names.empty() ? "" : fmt::format(" (nothing gates {})", list_of(names));
}

// A population that transmits in a phase must be able to fire then.
void check_open(const Circuit& circuit) {
    for (const SynapseUse& use : circuit.uses) {
        const bool fires = !circuit.open_compartments(use.source, use.phase).empty();
        if (fires || use.source_voltage) continue;
        reject(use.where,
               fmt::format("synapses \"{}\" carry the rate of \"{}\" in phase \"{}\", but no gate "
                           "lets a compartment of \"{}\" drive its "
                           "firing then; expected a gate that opens one during \"{}\"{}",
                           circuit[use.set].name, circuit[use.source].name, circuit[use.phase].name,
                           circuit[use.source].name, circuit[use.phase].name,
                           ungated_dendrites(circuit, use.source)));
    }
}

// A label is there to be compared with an output, or to be carried to cells.
void check_label(const Circuit& circuit) {
    const PopulationId label = circuit.find_role(Role::label);
    if (!label || circuit.has_loss()) return;
    for (const SynapseUse& use : circuit.uses)
        if (use.source == label) return;
    reject(circuit[label].where,
           fmt::format("nothing reads \"{}\": there is no output that it is compared with, and no "
                       "synapses carry it; expected one of them, or a circuit without a label",
                       circuit[label].name));
}

}  // namespace

void check_circuit(const Circuit& circuit) {
    check_label(circuit);
    check_targets(circuit);
    check_driven(circuit);
    check_inhibited(circuit);
    check_open(circuit);
}

}  // namespace apical

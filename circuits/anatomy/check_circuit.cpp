#include "circuits/anatomy/check_circuit.hpp"

#include <fmt/format.h>

#include <algorithm>

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
        const bool is_led = circuit.is_led(CompartmentId(i));
        const bool is_noisy = std::any_of(
            circuit.noises.begin(), circuit.noises.end(),
            [&](const NoiseSource& noise) { return noise.voltage == CompartmentId(i); });
        if (is_led || is_noisy || compartment.backpropagated != 0.0) continue;
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

// A softmax is of all somata at once, and nothing else makes such cells fire.
void check_softmax(const Circuit& circuit) {
    for (const Population& cells : circuit.populations) {
        if (cells.role != Role::cells || cells.activation != Activation::softmax) continue;
        const auto refuse = [&](const Where& where, std::string_view has) {
            reject(where,
                   fmt::format("\"{}\" fires the softmax of its somata at once; expected no {}",
                               cells.name, has));
        };
        if (cells.alpha != 1.0 || cells.rate_tau_ms > 0.0) refuse(cells.where, "alpha");
        if (cells.initial_rate.kind == Initializer::Kind::activated_normal)
            refuse(cells.initial_rate.where, "init = { activated_normal = ... }");
        for (const CompartmentId c : cells.compartments)
            if (circuit[c].gate) refuse(circuit[circuit[c].gate].where, "gate");
    }
}

// Rates begin before cells have numbers of their own.
void check_activated_start(const Circuit& circuit) {
    for (const Population& cells : circuit.populations) {
        const WrittenActivation* phi = circuit.written(cells);
        const bool is_activated = cells.initial_rate.kind == Initializer::Kind::activated_normal;
        if (!is_activated || !phi || phi->of_cells.empty()) continue;
        reject(
            cells.initial_rate.where,
            fmt::format("\"{}\" fires by \"{}\", of which each cell has its own \"{}\"; expected "
                        "another start than activated_normal",
                        cells.name, phi->name, phi->of_cells.front().name));
    }
}

// A clamp sets the voltage, so that nothing else has an effect on what the cells fire.
void check_clamps(const Circuit& circuit) {
    for (const Wire& clamp : circuit.wires) {
        if (!clamp.clamps) continue;
        const std::string said =
            fmt::format("[{}] clamps \"{}\" in phase \"{}\"", clamp.asked_by,
                        circuit.full_name(clamp.target), circuit[clamp.phase].name);
        for (const SynapseUse& use : circuit.uses) {
            if (use.target != clamp.target || use.phase != clamp.phase) continue;
            reject(use.where,
                   fmt::format("{}, where \"{}\" drives it too, without effect; expected "
                               "it to transmit in other phases",
                               said, circuit[use.set].name));
        }
        for (const Wire& wire : circuit.wires) {
            const bool is_same = wire.target == clamp.target && wire.phase == clamp.phase;
            if (!is_same || &wire == &clamp) continue;
            reject(wire.where, fmt::format("{}, where [{}] drives it too; expected one of them",
                                           said, wire.asked_by));
        }
        const PopulationId cells = circuit[clamp.target].population;
        for (const CompartmentId open : circuit.open_compartments(cells, clamp.phase)) {
            if (open == clamp.target) continue;
            reject(clamp.where, fmt::format("{}, where \"{}\" drives firing too; expected its gate "
                                            "to open in other phases",
                                            said, circuit.full_name(open)));
        }
    }
}

// A population that transmits in a phase must be able to fire then.
void check_open_for_wires(const Circuit& circuit) {
    for (const Wire& wire : circuit.wires) {
        const bool fires = !circuit.open_compartments(wire.source, wire.phase).empty();
        if (fires || wire.source_voltage || wire.at_end) continue;
        reject(
            wire.where,
            fmt::format("[{}] carries the rate of \"{}\" in phase \"{}\", but no gate lets a "
                        "compartment of \"{}\" drive its firing then; expected a gate that opens "
                        "one during \"{}\"{}",
                        wire.asked_by, circuit[wire.source].name, circuit[wire.phase].name,
                        circuit[wire.source].name, circuit[wire.phase].name,
                        ungated_dendrites(circuit, wire.source)));
    }
}

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
    if (!label || circuit.find_role(Role::output)) return;
    if (circuit.loss && circuit.loss->against == label) return;
    for (const SynapseUse& use : circuit.uses)
        if (use.source == label) return;
    for (const Wire& wire : circuit.wires)
        if (wire.source == label) return;
    reject(circuit[label].where,
           fmt::format("nothing reads \"{}\": there is no output that it is compared with, and no "
                       "synapses carry it; expected one of them, or a circuit without a label",
                       circuit[label].name));
}

}  // namespace

void check_circuit(const Circuit& circuit) {
    check_label(circuit);
    check_coupling(circuit);
    check_targets(circuit);
    check_driven(circuit);
    check_inhibited(circuit);
    check_open(circuit);
    check_open_for_wires(circuit);
    check_clamps(circuit);
    check_softmax(circuit);
    check_spikes(circuit);
    check_activated_start(circuit);
    check_emits(circuit);
}

}  // namespace apical

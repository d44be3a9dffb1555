// A circuit as a drawing, in the language of Graphviz.
#include <fmt/format.h>

#include <algorithm>

#include "circuits/anatomy/anatomy.hpp"
#include "circuits/anatomy/cell_slice.hpp"

namespace apical {

namespace {

std::string dot_compartment(const Circuit& circuit, CompartmentId c) {
    return fmt::format("\"{}\"", circuit.full_name(c));
}

// A compartment, or the gate of its path.
std::string dot_end(const Circuit& circuit, const SynapseUse& use) {
    if (!use.gate) return dot_compartment(circuit, use.target);
    return fmt::format("\"gate.{}\"", circuit[use.gate].name);
}

std::string dot_population(const Circuit& circuit, PopulationId p) {
    const Population& cells = circuit[p];
    std::string text = fmt::format(
        "  subgraph \"cluster_{}\" {{\n    label=\"{} ({})\"; style=rounded; color=\"#888888\";\n",
        cells.name, cells.name, cells.size);
    for (const CompartmentId c : cells.compartments) {
        text += fmt::format("    {} [label=\"{}\", shape={}];\n", dot_compartment(circuit, c),
                            circuit[c].name, circuit.is_soma(c) ? "ellipse" : "box");
    }
    for (const Gate& gate : circuit.gates) {
        if (!gate.is_by_cells() || circuit[gate.compartment].population != p) continue;
        text += fmt::format(
            "    \"gate.{0}\" [label=\"{0}\", fontsize=11, shape=diamond, style=filled, "
            "fillcolor=\"#dddddd\", class=way];\n",
            gate.name);
    }
    text += "  }\n";
    for (const CompartmentId c : circuit.coupled_dendrites(p)) {
        text +=
            fmt::format("  {} -> {} [dir=none, penwidth=2, class=coupling, label=\"{} / ms\"];\n",
                        dot_compartment(circuit, c), dot_compartment(circuit, circuit.led_by(c)),
                        *circuit[c].conductance);
    }
    return text;
}

// How what inhibits is drawn.
constexpr const char* dot_inhibition = ", arrowhead=tee, class=inhibitory";
constexpr const char* dot_inhibition_colour = ", color=\"#2050a0\"";

// Uses that differ in their phases alone are one edge.
bool is_drawn_as(const SynapseUse& use, const SynapseUse& other) {
    return use.set == other.set && use.source == other.source &&
           use.source_voltage == other.source_voltage && use.target == other.target &&
           use.gate == other.gate && use.reverse == other.reverse && use.delay == other.delay &&
           use.before == other.before;
}

// A use of synapses with all of its phases, of which this is the first; nothing of the others.
std::string dot_synapses(const Circuit& circuit, const SynapseUse& use, bool inhibits) {
    std::vector<std::string> phases;
    for (const SynapseUse& other : circuit.uses) {
        if (!is_drawn_as(use, other)) continue;
        if (phases.empty() && &other != &use) return "";
        phases.push_back(circuit[other.phase].name);
    }
    const bool is_proper = !use.reverse && circuit.is_between_own_cells(use);
    // What transmits first leads up. Else a set may lie level, on the loop of cells' own synapses.
    const char* leads_up = use.phase.value == 0 ? ", weight=2" : "";
    return fmt::format("  {} -> {} [label=\"{}{}\\n{}{}\"{}{}{}];\n",
                       dot_compartment(circuit, use.source_voltage ? use.source_voltage
                                                                   : circuit.soma(use.source)),
                       dot_end(circuit, use), circuit[use.set].name,
                       use.reverse                         ? " (back)"
                       : circuit.is_between_own_cells(use) ? ""
                                                           : " (of other cells)",
                       fmt::format("{}", fmt::join(phases, ", ")),
                       use.delay    ? fmt::format(", delay {}", use.delay)
                       : use.before ? ", rates of before"
                                    : "",
                       !is_proper ? ", style=dashed, color=\"#b04000\""
                       : inhibits ? dot_inhibition_colour
                                  : "",
                       inhibits ? dot_inhibition : "", leads_up);
}

// No axon carries a potential.
std::string dot_look(const Wire& wire) {
    const bool inhibits = wire.gain < 0.0;
    return fmt::format("{}{}, class=\"wire{}{}\"",
                       wire.source_voltage ? ", color=\"#b04000\""
                       : inhibits          ? dot_inhibition_colour
                                           : "",
                       inhibits ? ", arrowhead=tee" : "", inhibits ? " inhibitory" : "",
                       wire.source_voltage ? " potential" : "");
}

// A wire with all of its phases, of which this is the first; nothing of the others.
std::string dot_wire(const Circuit& circuit, const Wire& wire) {
    std::vector<std::string> phases;
    for (const Wire& other : circuit.wires) {
        const bool is_same = other.asked_by == wire.asked_by && other.source == wire.source &&
                             other.gain == wire.gain && other.target == wire.target &&
                             other.first_cell == wire.first_cell;
        if (!is_same) continue;
        if (phases.empty() && &other != &wire) return "";
        phases.push_back(circuit[other.phase].name);
    }
    std::string how = wire.clamps ? ", clamps" : ", one to one";
    if (wire.first_cell >= 0)
        how += fmt::format(
            ", cells {}",
            name_of_part("", wire.first_cell, circuit[circuit[wire.target].population].size));
    if (wire.gain != 1.0) how += fmt::format(", times {:.6g}", wire.gain);
    if (wire.is_previous) how += ", delay 1";
    if (wire.delay > 0) how += fmt::format(", delay {}", wire.delay);
    if (wire.before) how += ", of before";
    if (wire.at_end) how += fmt::format(", of the end of {}", circuit[wire.at_end].name);
    return fmt::format("  {} -> {} [label=\"{}\\n{}{}\", style=dashed{}];\n",
                       dot_compartment(circuit, wire.source_voltage ? wire.source_voltage
                                                                    : circuit.soma(wire.source)),
                       dot_compartment(circuit, wire.target),
                       wire.asked_by.substr(wire.asked_by.find('.') + 1),
                       fmt::format("{}", fmt::join(phases, ", ")), how, dot_look(wire));
}

std::string phases_of(const Circuit& circuit, const Gate& gate) {
    std::vector<std::string> phases;
    for (std::size_t p = 0; p < gate.open_in.size(); ++p) {
        if (gate.open_in[p]) phases.push_back(circuit.phases[p].name);
    }
    return list_of(phases);
}

// What a gate is when it is not shut, late, slow or failing: nothing.
std::string how_it_gates(const Gate& gate) {
    std::string how;
    if (gate.closed > 0.0) how += fmt::format("\\n{:.6g} of it is left when shut", gate.closed);
    const GateTiming& timing = gate.timing;
    if (timing.jitter_ms > 0.0)
        how += fmt::format("\\n{:.6g} +- {:.6g} ms late", timing.latency_ms, timing.jitter_ms);
    else if (timing.latency_ms > 0.0)
        how += fmt::format("\\n{:.6g} ms late", timing.latency_ms);
    if (gate.tau_ms > 0.0) how += fmt::format("\\ntime constant {:.6g} ms", gate.tau_ms);
    if (timing.failure > 0.0) how += fmt::format("\\nfails with {:.6g}", timing.failure);
    return how;
}

// What goes on through a gate's path to the soma.
std::string what_drives(const Gate& gate) {
    return gate.emits ? fmt::format("fires\\n{}", gate.emits->text) : "drives firing";
}

// A gate that cells make stands on the path from its compartment to the soma; inhibition ends on
// it.
std::string dot_gate_of_cells(const Circuit& circuit, const Gate& gate) {
    const CompartmentId c = gate.compartment, soma = circuit.soma(circuit[c].population);
    const bool leads_to_soma = c != soma && !circuit.is_coupled(c);
    const std::string when =
        fmt::format("meant to be open\\nduring {}{}", phases_of(circuit, gate), how_it_gates(gate));
    std::string text = fmt::format("  {} -> \"gate.{}\" [style=dotted, dir=none, label=\"{}\"];\n",
                                   dot_compartment(circuit, c), gate.name, when);
    if (leads_to_soma)
        text += fmt::format("  \"gate.{}\" -> {} [style=dotted, label=\"{}\"];\n", gate.name,
                            dot_compartment(circuit, soma), what_drives(gate));
    return text;
}

// An interneuron, and the path to the soma that it opens.
std::string dot_gate(const Circuit& circuit, const Gate& gate) {
    if (gate.is_by_cells()) return dot_gate_of_cells(circuit, gate);
    const CompartmentId c = gate.compartment;
    std::string text = fmt::format(
        "  \"gate.{0}\" [label=\"{0}\", fontsize=11, style=filled, fillcolor=\"#dddddd\"];\n"
        "  \"gate.{0}\" -> {1} [arrowhead=tee, label=\"opens during {2}{3}\"];\n",
        gate.name, dot_compartment(circuit, c), phases_of(circuit, gate), how_it_gates(gate));
    if (!circuit.is_soma(c) && !circuit.is_coupled(c)) {
        text += fmt::format(
            "  {} -> {} [style=dotted, label=\"{}\"];\n", dot_compartment(circuit, c),
            dot_compartment(circuit, circuit.soma(circuit[c].population)), what_drives(gate));
    }
    return text;
}

}  // namespace

std::vector<SynapseSetId> inhibitory_at_start(const Circuit& circuit) {
    std::vector<SynapseSetId> found;
    for (std::size_t k = 0; k < circuit.synapses.size(); ++k) {
        const Initializer& init = circuit.synapses[k].init;
        using Kind = Initializer::Kind;
        // An identity has zeros beside its diagonal.
        const bool is_scale = init.kind == Kind::constant || init.kind == Kind::identity ||
                              init.kind == Kind::half_normal || init.kind == Kind::lognormal;
        const bool is_range = init.kind == Kind::uniform;
        const double lowest = is_scale ? init.scale.factor : init.low.factor;
        const double highest = is_scale ? init.scale.factor : init.high.factor;
        const bool starts_below = (is_scale || is_range) && lowest < 0.0 && highest <= 0.0;
        if (starts_below || circuit.strength_range(SynapseSetId(k)).high <= 0.0)
            found.push_back(SynapseSetId(k));
    }
    return found;
}

std::string to_dot(const Circuit& circuit, std::string title,
                   const std::vector<SynapseSetId>& inhibitory) {
    std::replace(title.begin(), title.end(), '"', '\'');
    std::replace(title.begin(), title.end(), '\\', '/');
    std::string text = fmt::format(
        "digraph circuit {{\n  label=\"{}\"; labelloc=t; rankdir=BT; nodesep=0.5; "
        "fontname=Helvetica;\n"
        "  node [fontname=Helvetica]; edge [fontname=Helvetica, fontsize=10];\n",
        title);
    for (std::size_t p = 0; p < circuit.populations.size(); ++p)
        text += dot_population(circuit, PopulationId(p));
    for (const SynapseUse& use : circuit.uses) {
        const bool inhibits =
            std::find(inhibitory.begin(), inhibitory.end(), use.set) != inhibitory.end();
        text += dot_synapses(circuit, use, inhibits);
    }
    for (const Wire& wire : circuit.wires) text += dot_wire(circuit, wire);
    const PopulationId error = circuit.find_role(Role::error);
    if (error) {
        for (const Role role : {Role::output, Role::label}) {
            text += fmt::format(
                "  {} -> {} [label=\"{}one to one\\n{}\"{}{}];\n",
                dot_compartment(circuit, circuit.soma(circuit.find_role(role))),
                dot_compartment(circuit, circuit.soma(error)), role == Role::label ? "-" : "",
                circuit[circuit[error].fires_in].name, role == Role::label ? dot_inhibition : "",
                role == Role::label ? dot_inhibition_colour : "");
        }
    }
    for (const Gate& gate : circuit.gates) text += dot_gate(circuit, gate);
    return text + "}\n";
}

}  // namespace apical

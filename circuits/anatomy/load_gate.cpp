// [gate.*] of a model file.
#include <fmt/format.h>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/anatomy/resolve.hpp"
#include "circuits/text/choices.hpp"

namespace apical {

namespace {

CompartmentId opened_by(Circuit& circuit, const Section& section, std::string_view gate) {
    const Text opens = section.text("opens");
    const std::string who = fmt::format("gate \"{}\" opens", gate);
    const CompartmentId target = resolve_compartment(circuit, opens, who);
    Compartment& gated = circuit.compartments[target.value];
    if (circuit[gated.population].role != Role::cells) {
        reject(opens.where,
               fmt::format("{} \"{}\"; only cells have compartments to gate", who, opens.text));
    }
    if (gated.gate) {
        reject(opens.where, fmt::format("{} \"{}\", as does gate \"{}\"; expected one gate", who,
                                        opens.text, circuit[gated.gate].name));
    }
    gated.gate = GateId(circuit.gates.size());
    return target;
}

double number_or_0(const Section& section, std::string_view key) {
    return section.has(key) ? section.number(key) : 0.0;
}

// Cells send their inhibition when they fire, and an axon brings it late.
void check_no_timing(const Section& section, std::string_view gate) {
    for (const std::string_view key : {"latency_ms", "jitter_ms", "failure"}) {
        if (!section.has(key)) continue;
        reject(section.where(key),
               fmt::format(
                   "gate \"{}\" has {}, but its cells make it (by = \"activity\"); {}", gate, key,
                   key == "latency_ms" ? "give the axon a delay" : "give its cells the noise"));
    }
}

void check_no_form(const Section& section, std::string_view gate) {
    for (const std::string_view key : {"form", "threshold", "scale"}) {
        if (!section.has(key)) continue;
        reject(
            section.where(key),
            fmt::format("gate \"{}\" has {}, but a timetable moves it; expected by = \"activity\"",
                        gate, key));
    }
}

// The key that a form reads; none of `linear`.
std::string_view number_of(GateForm form) {
    switch (form) {
        case GateForm::threshold:
            return "threshold";
        case GateForm::graded:
        case GateForm::divide:
            return "scale";
        case GateForm::linear:
            break;
    }
    return {};
}

void load_form(const Section& section, Gate& gate) {
    section.require("form", fmt::format("gate \"{}\", which its cells make,", gate.name));
    const Text form = section.text("form");
    gate.form = GateForm(index_of_choice(gate_form_names, form.text));
    const std::string_view number = number_of(*gate.form);
    for (const std::string_view key : {"threshold", "scale", "closed"}) {
        const bool is_read = key == number || (key == "closed" && !number.empty());
        if (is_read || !section.has(key)) continue;
        reject(section.where(key),
               fmt::format("gate \"{}\" has {}, which the form \"{}\" does not "
                           "read; expected {}",
                           gate.name, key, form.text, number.empty() ? "none of it" : number));
    }
    if (number.empty()) return;
    section.require(number, fmt::format("gate \"{}\" of the form \"{}\"", gate.name, form.text));
    gate.scale = section.number(number);
}

// A conductance is no share of a path: what fires by a sum of voltages has none.
void check_conductance(const Circuit& circuit, const Section& section, const Gate& gate) {
    if (gate.form != GateForm::linear) return;
    reject(section.where("form"),
           fmt::format("gate \"{}\" has the form \"linear\", a conductance, but \"{}\" has no "
                       "coupling; expected threshold, graded or divide",
                       gate.name, circuit[circuit[gate.compartment].population].name));
}

// In which phases it is not surely 0. A move that is late is over in its phase; one that is drawn,
// or slow, may not be.
void find_phases(const Circuit& circuit, Gate& gate) {
    const std::size_t count = circuit.phases.size();
    gate.may_open_in = gate.open_in;
    if (gate.closed > 0.0 || gate.tau_ms > 0.0 || gate.is_by_cells()) {
        gate.may_open_in.assign(count, true);
        return;
    }
    if (gate.timing.is_exact()) return;
    bool may_begin_open = false;
    for (std::size_t k = 0; k < 2 * count; ++k) {  // a second round: the phases before a step
        const std::size_t p = k % count;
        if (may_begin_open) gate.may_open_in[p] = true;
        const Phase& phase = circuit.phases[p];
        const double ms = in_ms(phase.repeat * phase.nanoseconds);
        const bool surely_moves = gate.timing.jitter_ms == 0.0 && gate.timing.failure == 0.0 &&
                                  gate.timing.latency_ms < ms;
        may_begin_open = gate.open_in[p] || (may_begin_open && !surely_moves);
    }
}

}  // namespace

void load_gate(Circuit& circuit, Entry& entry) {
    check_letters({entry.key, entry.where});
    const Section section(inner_table(entry, "gate"), entry.where, "gate." + entry.key,
                          gate_keys());
    const CompartmentId target = opened_by(circuit, section, entry.key);
    Gate gate{entry.key, target, std::vector<bool>(circuit.phases.size()), entry.where};
    for (const Text& name : section.texts("during")) {
        gate.open_in[resolve_phase(circuit, name).value] = true;
    }
    gate.closed = number_or_0(section, "closed");
    gate.tau_ms = number_or_0(section, "tau_ms");
    if (section.has("by") && section.text("by").text == "activity") {
        check_no_timing(section, entry.key);
        load_form(section, gate);
        check_conductance(circuit, section, gate);
    } else {
        check_no_form(section, entry.key);
        gate.timing = {.latency_ms = number_or_0(section, "latency_ms"),
                       .jitter_ms = number_or_0(section, "jitter_ms"),
                       .failure = number_or_0(section, "failure")};
    }
    find_phases(circuit, gate);
    circuit.gates.push_back(std::move(gate));
}

}  // namespace apical

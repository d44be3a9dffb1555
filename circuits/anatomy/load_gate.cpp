// [gate.*] of a model file.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/anatomy/resolve.hpp"
#include "circuits/equations/parse.hpp"
#include "circuits/text/choices.hpp"

namespace apical {

namespace {

CompartmentId opened_by(const Circuit& circuit, const Section& section, std::string_view gate) {
    const Text opens = section.text("opens");
    const std::string who = fmt::format("gate \"{}\" opens", gate);
    const CompartmentId target = resolve_compartment(circuit, opens, who);
    const Compartment& gated = circuit[target];
    if (circuit[gated.population].role != Role::cells) {
        reject(opens.where,
               fmt::format("{} \"{}\"; only cells have compartments to gate", who, opens.text));
    }
    if (gated.gate) {
        reject(opens.where, fmt::format("{} \"{}\", as does gate \"{}\"; expected one gate", who,
                                        opens.text, circuit[gated.gate].name));
    }
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
    if (gate.form != GateForm::linear || circuit.is_coupled(gate.compartment)) return;
    reject(section.where("form"),
           fmt::format("gate \"{}\" has the form \"linear\", a conductance, but \"{}\" has no "
                       "coupling; expected threshold, graded or divide",
                       gate.name, circuit[circuit[gate.compartment].population].name));
}

// Phases in turn begin several times a step.
void check_groups(const Circuit& circuit, const Section& section, const Gate& gate) {
    if (circuit.groups.empty() || !gate.moves_in_phases()) return;
    for (const std::string_view key : {"latency_ms", "jitter_ms", "failure", "tau_ms"}) {
        if (!section.has(key)) continue;
        reject(section.where(key), fmt::format("gate \"{}\" has {}, but [[group]] carries phases "
                                               "out in turn; expected gates that move at once",
                                               gate.name, key));
    }
}

void load_emits(const Circuit& circuit, const Section& section, Gate& gate) {
    if (!section.has("emits")) return;
    const Where& where = section.where("emits");
    const std::string cells = circuit[circuit[gate.compartment].population].name;
    if (circuit.is_soma(gate.compartment)) {
        reject(where,
               fmt::format("gate \"{}\" has emits and opens a soma, by which \"{}\" fires its "
                           "activation; expected a dendrite, or an [activation.*]",
                           gate.name, cells));
    }
    const Value& value = section.value("emits");
    std::string text = section.text("emits").text;
    std::replace(text.begin(), text.end(), '\n', ' ');
    gate.emits = {std::move(text), parse_expression(value, fmt::format("gate \"{}\": ", gate.name)),
                  value.where};
}

// Which steps a gate is open in is no number that cells make, or that comes late.
void load_gate_window(const Circuit& circuit, const Section& section, Gate& gate) {
    gate.window = load_window(circuit, section);
    if (!gate.window || (!gate.is_by_cells() && !gate.moves_in_phases())) return;
    reject(section.where("in"),
           fmt::format("gate \"{}\" is in a window, and {}; expected a gate of the timetable that "
                       "moves at once",
                       gate.name,
                       gate.is_by_cells() ? "its cells make it"
                                          : "it moves late, slowly or not "
                                            "surely"));
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

// A gate stands in the circuit before its keys are read, so that synapses which reach for it find
// it when one of them is wrong.
void load_gate(Circuit& circuit, Entry& entry) {
    check_letters({entry.key, entry.where});
    const Section section(inner_table(entry, "gate"), entry.where, "gate." + entry.key,
                          gate_keys());
    const CompartmentId target = opened_by(circuit, section, entry.key);
    circuit.compartments[target.value].gate = GateId(circuit.gates.size());
    circuit.gates.push_back(
        {entry.key, target, std::vector<bool>(circuit.phases.size()), entry.where});
    Gate& gate = circuit.gates.back();
    const bool by_cells = section.has("by") && section.text("by").text == "activity";
    if (by_cells) gate.form = GateForm::threshold;  // until its own is read
    for (const Text& name : section.texts("during")) {
        gate.open_in[resolve_phase(circuit, name).value] = true;
    }
    gate.closed = number_or_0(section, "closed");
    gate.tau_ms = number_or_0(section, "tau_ms");
    if (by_cells) {
        check_no_timing(section, entry.key);
        load_form(section, gate);
        check_conductance(circuit, section, gate);
    } else {
        check_no_form(section, entry.key);
        gate.timing = {.latency_ms = number_or_0(section, "latency_ms"),
                       .jitter_ms = number_or_0(section, "jitter_ms"),
                       .failure = number_or_0(section, "failure")};
    }
    check_groups(circuit, section, gate);
    load_gate_window(circuit, section, gate);
    load_emits(circuit, section, gate);
    find_phases(circuit, gate);
}

void add_gate(Circuit& circuit, const Text& name, CompartmentId opens,
              const std::vector<bool>& open_in, WindowId window) {
    for (const Gate& gate : circuit.gates) {
        if (gate.name != name.text) continue;
        reject(name.where, fmt::format("[teach.{0}] makes a gate \"{0}\", and there is one of that "
                                       "name; expected another name",
                                       name.text));
    }
    circuit.compartments[opens.value].gate = GateId(circuit.gates.size());
    Gate gate{name.text, opens, open_in, name.where};
    gate.window = window;
    find_phases(circuit, gate);
    circuit.gates.push_back(std::move(gate));
}

}  // namespace apical

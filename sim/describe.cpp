#include "sim/describe.hpp"

#include <fmt/format.h>

#include "circuits/anatomy.hpp"
#include "sim/run.hpp"

namespace apical {

namespace {

std::string compartments_text(const Circuit& circuit, const Population& cells) {
    std::vector<std::string> parts;
    for (const CompartmentId c : cells.compartments) {
        const Compartment& one = circuit[c];
        std::string part = one.name;
        if (one.tau_ms > 0) part += fmt::format(" (tau {} ms)", one.tau_ms);
        if (one.gate) part += fmt::format(" (gated by {})", circuit[one.gate].name);
        parts.push_back(part);
    }
    return list_of(parts);
}

std::string role_text(Role role) {
    switch (role) {
        case Role::cells:
            return "cells";
        case Role::input:
            return "input";
        case Role::label:
            return "label";
        case Role::output:
            return "output";
        case Role::error:
            return "error";
        case Role::constant:
            return "constant";
    }
    return "";
}

std::string circuit_text(const Circuit& circuit) {
    std::string text = "circuit\n";
    for (const Population& cells : circuit.populations) {
        const bool compartments = cells.role == Role::cells;
        text += fmt::format(
            "  {:<12} {:>5} {:<9} {}\n", cells.name, cells.size, role_text(cells.role),
            compartments
                ? fmt::format("alpha {}; {}", cells.alpha, compartments_text(circuit, cells))
                : "");
    }
    for (const Transmission& use : circuit.transmissions) {
        text += fmt::format(
            "  {:<12} {:>5} x {:<5} {} -> {} during {}{}{}{}\n", circuit[use.set].name,
            circuit[circuit[use.set].post].size, circuit[circuit[use.set].pre].size,
            circuit[use.source].name, circuit.full_name(use.target), circuit[use.phase].name,
            use.delay ? ", delay 1 step" : "", use.reverse ? ", against its direction" : "",
            circuit.is_between_own_cells(use) ? "" : ", between cells it does not connect");
    }
    return text;
}

std::string schedule_text(const Circuit& circuit) {
    std::string text = "\nschedule of a step\n";
    const std::vector<double> ends = circuit.phase_end_ms();
    for (std::size_t p = 0; p < circuit.phases.size(); ++p) {
        const Phase& phase = circuit.phases[p];
        std::vector<std::string> open, closed;
        for (const Gate& gate : circuit.gates) {
            (gate.open_in[p] ? open : closed)
                .push_back(circuit.full_name(gate.compartment) + " (" + gate.name + ")");
        }
        text += fmt::format("  {:>6} to {:>6} ms  {:<10} {}{}{}{}\n", p == 0 ? 0.0 : ends[p - 1],
                            ends[p], phase.name, open.empty() ? "" : "open: ", list_of(open),
                            closed.empty() ? "" : "; closed: ", list_of(closed));
    }
    return text;
}

std::string recording_text(const Model& model) {
    const auto bytes = static_cast<double>(
        Recorder::estimate(model.program, model.recordings, description_of(model)));
    std::string text =
        fmt::format("\nrecorded to {} (at most {:.1f} MB)\n", model.output, bytes * 1e-6);
    for (const Recording& recording : model.recordings) {
        std::vector<std::string> what;
        for (const Text& address : recording.what) what.push_back(address.text);
        text += fmt::format("  {:<12} steps {} to {} every {}: {}\n", recording.name,
                            recording.from, recording.to, recording.every, list_of(what));
    }
    return text;
}

}  // namespace

namespace {

std::string without_trailing_blanks(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n') out.erase(out.find_last_not_of(' ') + 1);
        out += c;
    }
    return out;
}

}  // namespace

std::string describe_model(const Model& model) {
    return without_trailing_blanks(fmt::format(
        "{}\n{}\n\n{}{}{}\nprogram\n{}", model.path, model.title, circuit_text(model.circuit),
        schedule_text(model.circuit), recording_text(model), listing(model.program)));
}

std::string model_dot(const Model& model) { return to_dot(model.circuit, model.title); }

}  // namespace apical

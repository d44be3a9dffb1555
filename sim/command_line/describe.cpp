#include "sim/command_line/describe.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/anatomy/anatomy.hpp"
#include "circuits/anatomy/loss_kind.hpp"
#include "learning_rules/text_rule.hpp"
#include "sim/run_file/lay_out.hpp"
#include "sim/runs/run_model.hpp"

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

std::string alpha_text(const Population& cells) {
    if (cells.rate_tau_ms == 0.0) return fmt::format("{}", cells.alpha);
    return fmt::format("{:.6g} (tau {} ms)", cells.alpha, cells.rate_tau_ms);
}

// What a task cannot do with the circuit.
std::string lack_text(const Circuit& circuit) {
    if (circuit.has_loss()) return "";
    return fmt::format(
        "  {}: no loss is computed, and diagnose.alignment has no gradient; the task sets {}\n",
        why_no_loss(circuit),
        circuit.find_role(Role::label) ? "input and label" : "the input alone");
}

// What is said of cells behind their role; of those without anything to say nothing.
std::string cells_text(const Circuit& circuit, const Population& cells) {
    std::vector<std::string> parts;
    if (cells.role == Role::cells) {
        parts.push_back("alpha " + alpha_text(cells));
        parts.push_back(compartments_text(circuit, cells));
    }
    if (cells.sign) parts.emplace_back(name_of(*cells.sign));
    return fmt::format("{}", fmt::join(parts, "; "));
}

// ", inhibitory, from -2 to 0"
std::string strengths_text(const Circuit& circuit, SynapseSetId set) {
    const StrengthRange range = circuit.strength_range(set);
    if (!range.is_limited()) return "";
    const std::string sign = range.low >= 0.0    ? ", excitatory"
                             : range.high <= 0.0 ? ", inhibitory"
                                                 : "";
    if (!circuit[set].bounds.is_limited()) return sign;
    return fmt::format("{}, from {} to {}", sign, range.low, range.high);
}

// ", in_degree 8, no autapses"
std::string connect_text(const SynapseSet& set) {
    if (!set.connect) return "";
    const Connectivity& connect = *set.connect;
    const std::string self = connect.self ? "" : ", no autapses";
    switch (connect.kind) {
        case Connectivity::Kind::all:
            break;
        case Connectivity::Kind::probability:
            return fmt::format(", probability {}{}", connect.probability, self);
        case Connectivity::Kind::in_degree:
            return fmt::format(", in_degree {}{}", connect.degree, self);
        case Connectivity::Kind::out_degree:
            return fmt::format(", out_degree {}{}", connect.degree, self);
        case Connectivity::Kind::one_to_one:
            return ", one to one";
        case Connectivity::Kind::file:
            return fmt::format(", joined as in \"{}\"", connect.path);
    }
    return self;
}

std::string circuit_text(const Circuit& circuit) {
    std::string text = "circuit\n";
    for (const Population& cells : circuit.populations) {
        const bool single = cells.role == Role::cells && cells.size == 1;
        text += fmt::format("  {:<12} {:>5} {:<9} {}\n", cells.name, cells.size,
                            single ? "cell" : name_of(cells.role), cells_text(circuit, cells));
    }
    for (const SynapseUse& use : circuit.uses) {
        text += fmt::format(
            "  {:<12} {:>5} x {:<5} {} -> {} during {}{}{}{}{}{}\n", circuit[use.set].name,
            circuit[circuit[use.set].post].size, circuit[circuit[use.set].pre].size,
            circuit[use.source].name, circuit.full_name(use.target), circuit[use.phase].name,
            use.delay    ? ", delay 1 step"
            : use.before ? ", rates of before"
                         : "",
            strengths_text(circuit, use.set), connect_text(circuit[use.set]),
            use.reverse ? ", against its direction" : "",
            circuit.is_between_own_cells(use) ? "" : ", between cells it does not connect");
    }
    return text + lack_text(circuit);
}

// Matrices between cells that rules in text keep, which may need more memory than all else.
std::string pairs_text(const Model& model) {
    std::string text;
    for (const Slot& slot : model.program.slots) {
        if (slot.shape != Shape::per_pair || slot.what != What::of_rule) continue;
        const bool is_of_text = std::any_of(
            model.rules.begin(), model.rules.end(),
            [&](const BoundRule& bound) { return bound.rule->text && bound.label == slot.rule; });
        if (!is_of_text) continue;
        text +=
            fmt::format("  {:<12} {:>5} x {:<5} pairs of {}, joined by no synapses: {:.3g} MB\n",
                        slot.name, slot.rows, slot.columns, model.circuit[slot.cells].name,
                        static_cast<double>(slot.rows) * slot.columns * sizeof(double) * 1e-6);
    }
    return text;
}

// "in steps 20 to 29 of every 30", "20 iterations of 1 ms"
std::vector<std::string> iterations_texts(const Phase& phase) {
    const auto& [period, first, last] = phase.steps;
    std::vector<std::string> texts;
    if (period > 1)
        texts.push_back(fmt::format("in steps {} to {} of every {}", first, last, period));
    if (phase.repeat > 1)
        texts.push_back(
            fmt::format("{} iterations of {} ms", phase.repeat, in_ms(phase.nanoseconds)));
    return texts;
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
        std::vector<std::string> parts = iterations_texts(phase);
        if (!open.empty()) parts.push_back("open: " + list_of(open));
        if (!closed.empty()) parts.push_back("closed: " + list_of(closed));
        text += fmt::format("  {:>6} to {:>6} ms  {:<10} {}\n", p == 0 ? 0.0 : ends[p - 1], ends[p],
                            phase.name, fmt::join(parts, "; "));
    }
    return text;
}

bool reads_ms(const TextRule& rule) {
    return std::any_of(rule.equations.begin(), rule.equations.end(),
                       [](const Statement& statement) {
                           return statement.assignment == Assignment::rate_of_change ||
                                  find_name(statement.right, "step_ms") != nullptr;
                       });
}

std::vector<std::string> scaled_by_ms(const Model& model) {
    const Circuit& circuit = model.circuit;
    std::vector<std::string> all;
    for (std::size_t i = 0; i < circuit.compartments.size(); ++i) {
        if (circuit.compartments[i].tau_ms > 0.0)
            all.push_back(circuit.full_name(CompartmentId(i)));
    }
    for (const Population& cells : circuit.populations) {
        if (cells.rate_tau_ms > 0.0) all.push_back("the rates of " + cells.name);
    }
    for (const CellDynamics& one : model.dynamics) {
        if (reads_ms(one.text)) all.push_back("dynamics." + one.text.name);
    }
    for (const BoundRule& bound : model.rules) {
        if (bound.rule->text && reads_ms(*bound.rule->text))
            all.push_back(fmt::format("the rule {} of {}", bound.rule->name, bound.label));
    }
    return all;
}

// What `ms` scales, in models whose phases are iterated or set cells back, or that have a time
// constant of rates.
std::string ms_text(const Model& model) {
    const Circuit& circuit = model.circuit;
    const bool is_asked =
        std::any_of(circuit.phases.begin(), circuit.phases.end(),
                    [](const Phase& phase) {
                        return phase.repeat > 1 || phase.together || phase.sets_back() ||
                               !phase.steps.is_each();
                    }) ||
        std::any_of(circuit.populations.begin(), circuit.populations.end(),
                    [](const Population& cells) { return cells.rate_tau_ms > 0.0; });
    if (!is_asked) return "";
    const std::vector<std::string> scaled = scaled_by_ms(model);
    if (!scaled.empty()) return fmt::format("  ms scale {}\n", list_of(scaled));
    std::vector<std::string> lengths;
    for (const Phase& phase : circuit.phases)
        lengths.push_back(fmt::format("{}", in_ms(phase.nanoseconds)));
    return fmt::format("  nothing here depends on ms; {} are labels\n", list_of(lengths));
}

bool is_sampled(const Recording& recording, std::int64_t step) {
    return recording.from <= step && step <= recording.to &&
           (step - recording.from) % recording.every == 0;
}

// "steps 1 to 1000 every 50, and 0 and 1000"
std::string sampled_text(const Program& program, const Recording& recording) {
    if (recording.to < recording.from) return fmt::format("steps 0 and {}", recording.run_end);
    const std::string steps =
        fmt::format("steps {} to {} every {}", recording.from, recording.to, recording.every);
    if (recording.run_end == 0) return steps;
    const std::vector<AxisLayout> axes = lay_out(program, {recording}).axes;
    const bool starts =
        std::any_of(axes.begin(), axes.end(), [](const AxisLayout& axis) { return axis.starts; });
    std::vector<std::string> others;
    if (starts) others.emplace_back("0");
    if (!is_sampled(recording, recording.run_end))
        others.push_back(std::to_string(recording.run_end));
    return others.empty() ? steps : fmt::format("{}, and {}", steps, fmt::join(others, " and "));
}

// The cost of recording the strengths that no table names.
std::string ends_text(const Model& model) {
    if (model.recordings.empty() || model.recordings.back().name != ends_table) return "";
    double numbers = 0.0;
    for (const Text& one : model.recordings.back().what) {
        const Slot& slot = model.program[model.program.find(one.text)];
        numbers += static_cast<double>(slot.rows) * slot.columns;
    }
    return fmt::format(
        "  {:<12} these strengths take 2 x {:.3g} MB; run.record_endpoints = false "
        "leaves them out\n",
        "", numbers * sizeof(double) * 1e-6);
}

std::string recording_text(const Model& model) {
    const auto bytes = static_cast<double>(
        Recorder::estimate(model.program, model.recordings, description_of(model)));
    std::string text = fmt::format("\nrecorded to {} (at most {:.1f} MB)\n",
                                   on_one_line(model.output), bytes * 1e-6);
    for (const Recording& recording : model.recordings) {
        std::vector<std::string> what;
        for (const Text& address : recording.what) what.push_back(address.text);
        text += fmt::format("  {:<12} {}: {}\n", recording.name,
                            sampled_text(model.program, recording), list_of(what));
    }
    return text + ends_text(model);
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
    return without_trailing_blanks(fmt::format("{}\n{}\n\n{}{}{}{}\nprogram\n{}",
                                               on_one_line(model.path), on_one_line(model.title),
                                               circuit_text(model.circuit), pairs_text(model),
                                               schedule_text(model.circuit) + ms_text(model),
                                               recording_text(model), listing(model.program)));
}

std::string model_dot(const Model& model) {
    return to_dot(model.circuit, model.title, inhibitory_at_start(model.circuit));
}

}  // namespace apical

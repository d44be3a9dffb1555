#include "sim/command_line/describe.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/anatomy/address.hpp"
#include "circuits/anatomy/anatomy.hpp"
#include "circuits/anatomy/cell_slice.hpp"
#include "circuits/anatomy/loss_kind.hpp"
#include "learning_rules/text_rule.hpp"
#include "sim/engine/state.hpp"
#include "sim/run_file/lay_out.hpp"
#include "sim/runs/run_model.hpp"

namespace apical {

namespace {

std::string compartments_text(const Circuit& circuit, const Population& cells) {
    std::vector<std::string> parts;
    for (const CompartmentId c : cells.compartments) {
        const Compartment& one = circuit[c];
        std::string part = one.name;
        if (one.tau) part += " (tau of each cell)";
        if (one.tau_ms > 0 && !one.tau) part += fmt::format(" (tau {} ms)", one.tau_ms);
        if (one.conductance) part += fmt::format(" ({} / ms onto the soma)", *one.conductance);
        if (one.backpropagated != 0.0)
            part += fmt::format(" (its own rate times {})", one.backpropagated);
        if (one.gate) part += fmt::format(" (gated by {})", circuit[one.gate].name);
        parts.push_back(part);
    }
    return list_of(parts);
}

std::string alpha_text(const Population& cells) {
    if (cells.alphas && cells.alphas->kind == Initializer::Kind::file) return "of each cell";
    if (cells.alphas)
        return fmt::format("from {} to {}", cells.alphas->low.factor, cells.alphas->high.factor);
    if (cells.rate_tau_ms == 0.0) return fmt::format("{}", cells.alpha);
    return fmt::format("{:.6g} (tau {} ms)", cells.alpha, cells.rate_tau_ms);
}

// What a task cannot do with the circuit.
std::string lack_text(const Circuit& circuit) {
    if (circuit.has_loss()) return "";
    return fmt::format(
        "  {}: no loss is computed, and diagnose.alignment has no gradient; the task sets {}\n",
        why_no_loss(circuit),
        circuit.find_role(Role::label)   ? "input and label"
        : circuit.find_role(Role::input) ? "the input alone"
                                         : "nothing");
}

// "strengths of W_rec and W_in sum up to 1, at once"
std::string scaling_text(const Circuit& circuit, const IncomingScaling& scaling) {
    std::vector<std::string> sets;
    for (const SynapseSetId set : scaling.of) sets.push_back(circuit[set].name);
    return fmt::format(
        "{} of {} {} {}{}, {}", scaling.norm == 1 ? "strengths" : "squared strengths",
        list_of(sets), scaling.norm == 1 ? "sum up to" : "have the root",
        scaling.at_most ? "at most " : "", scaling.to,
        scaling.tau_ms == 0.0 ? "at once" : fmt::format("tau {} ms", scaling.tau_ms));
}

// What is said of cells behind their role; of those without anything to say nothing.
std::string cells_text(const Circuit& circuit, const Population& cells) {
    std::vector<std::string> parts;
    if (cells.role == Role::cells) {
        parts.push_back("alpha " + alpha_text(cells));
        parts.push_back(compartments_text(circuit, cells));
    }
    if (cells.scaling) parts.push_back(scaling_text(circuit, *cells.scaling));
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

// ", radius 1.5 on 8 x 8 from 16 x 16, probability 0.5"
std::string fields_text(const Connectivity& connect) {
    const auto& [rows, columns] = connect.grid;
    const auto& [from_rows, from_columns] = connect.from_grid;
    return fmt::format(
        ", radius {} on {} x {}{}{}", connect.radius, rows, columns,
        connect.grid == connect.from_grid ? ""
                                          : fmt::format(" from {} x {}", from_rows, from_columns),
        connect.is_drawn() ? fmt::format(", probability {}", connect.probability) : "");
}

// ", by rows (density 0.1)", ", as a matrix (rule \"rtrl\" needs one)"
std::string storage_text(const SynapseSet& set) {
    if (!set.connect) return "";
    if (!set.connect->needs_matrix.empty())
        return fmt::format(", as a matrix ({} needs one)", set.connect->needs_matrix);
    const bool asked = set.connect->storage != Connectivity::Storage::automatic;
    return fmt::format(
        ", {}{}", set.is_by_rows() ? "by rows" : "as a matrix",
        asked ? std::string(" (storage)") : fmt::format(" (density {:.3g})", set.connect->density));
}

// ", in_degree 8, no autapses"
std::string connect_text(const SynapseSet& set) {
    if (!set.connect) return "";
    const Connectivity& connect = *set.connect;
    if (!connect.like.empty())
        return fmt::format(", joined {} \"{}\"", connect.reverses ? "as the reverse of" : "like",
                           connect.like);
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
        case Connectivity::Kind::all_but_partner:
            return ", all but the partner";
        case Connectivity::Kind::blocks:
            return fmt::format(", {} blocks, probability {} within and {} between{}",
                               connect.blocks, connect.probability, connect.between, self);
        case Connectivity::Kind::fields:
            return fields_text(connect) + self;
    }
    return self;
}

// "previous(out.r)"
int target_size(const Circuit& circuit, const Wire& wire) {
    return circuit[circuit[wire.target].population].size;
}

std::string carried_text(const Circuit& circuit, const Wire& wire) {
    const std::string now = wire.source_voltage
                                ? voltage_address(circuit.full_name(wire.source_voltage))
                                : name_of_part(rate_address(circuit[wire.source].name),
                                               wire.first_cell, target_size(circuit, wire));
    if (wire.at_end) return at_end_address(circuit[wire.at_end].name, now);
    if (wire.is_previous) return previous_address(now);
    return wire.before && !is_set_from_outside(circuit[wire.source].role) ? before_address(now)
                                                                          : now;
}

// The column of names, as wide as the longest where wires have the names of their tables.
std::size_t width_of_names(const Circuit& circuit) {
    std::size_t width = 12;
    for (const Wire& wire : circuit.wires) width = std::max(width, wire.asked_by.size());
    return width;
}

std::string wire_text(const Circuit& circuit, const Wire& wire) {
    const std::string times = wire.gain == 1.0 ? "" : fmt::format("{:.6g} ", wire.gain);
    return fmt::format("  {:<{}} {:>5} one to one  {}{} {} {} during {}\n", wire.asked_by,
                       width_of_names(circuit), target_size(circuit, wire), times,
                       carried_text(circuit, wire), wire.clamps ? "clamps" : "->",
                       circuit.full_name(wire.target), circuit[wire.phase].name);
}

std::string loss_text_of(const Circuit& circuit) {
    if (!circuit.loss) return "";
    const StatedLoss& loss = *circuit.loss;
    const std::string of = loss.voltage ? voltage_address(circuit.full_name(loss.voltage))
                                        : rate_address(circuit[loss.cells].name);
    const std::string cells = name_of_part(rate_address(circuit[loss.against].name),
                                           loss.first_cell, circuit[loss.cells].size);
    return fmt::format("  loss: {} of {} and {} at the end of {}{}\n", loss_kind(loss.readout).name,
                       of, cells, circuit[loss.phase].name,
                       circuit.has_loss_of_output()
                           ? ""
                           : "; the task's bounds are of another, and diagnose.alignment has no "
                             "gradient");
}

std::string circuit_text(const Circuit& circuit) {
    std::string text = "circuit\n";
    const std::size_t width = width_of_names(circuit);
    for (const Population& cells : circuit.populations) {
        const bool single = cells.role == Role::cells && cells.size == 1;
        text += fmt::format("  {:<{}} {:>5} {:<9} {}\n", cells.name, width, cells.size,
                            single ? "cell" : name_of(cells.role), cells_text(circuit, cells));
    }
    for (const SynapseUse& use : circuit.uses) {
        text += fmt::format(
            "  {:<{}} {:>5} x {:<5} {} -> {} during {}{}{}{}{}{}{}\n", circuit[use.set].name, width,
            circuit[circuit[use.set].post].size, circuit[circuit[use.set].pre].size,
            circuit[use.source].name, circuit.target_name(use), circuit[use.phase].name,
            use.delay    ? ", delay 1 step"
            : use.before ? ", rates of before"
                         : "",
            strengths_text(circuit, use.set), connect_text(circuit[use.set]),
            storage_text(circuit[use.set]), use.reverse ? ", against its direction" : "",
            circuit.is_between_own_cells(use) ? "" : ", between cells it does not connect");
    }
    for (const Wire& wire : circuit.wires) text += wire_text(circuit, wire);
    return text + loss_text_of(circuit) + lack_text(circuit);
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
std::vector<std::string> iterations_texts(const Circuit& circuit, PhaseId id) {
    const Phase& phase = circuit[id];
    const auto& [period, first, last] = phase.steps;
    std::vector<std::string> texts;
    if (period > 1)
        texts.push_back(fmt::format("in steps {} to {} of every {}", first, last, period));
    if (phase.repeat > 1)
        texts.push_back(
            fmt::format("{} iterations of {} ms", phase.repeat, in_ms(phase.nanoseconds)));
    if (const PhaseGroup* group = circuit.group_of(id)) {
        std::vector<std::string> others;
        for (std::size_t p = group->first.value; p <= group->last.value; ++p) {
            if (PhaseId(p) != id) others.push_back(circuit.phases[p].name);
        }
        texts.push_back(fmt::format("{} times, in turn with {}", group->repeat, list_of(others)));
    }
    return texts;
}

// ", by cells", ", may be open", where that is not surely so.
std::string sureness_text(const Circuit& circuit, const Gate& gate, PhaseId phase) {
    const std::string emits =
        gate.emits && gate.open_in[phase.value] ? fmt::format(", emits {}", gate.emits->text) : "";
    if (gate.is_by_cells()) return ", by cells" + emits;
    if (gate.open_in[phase.value])
        return (gate.moves_in_phases() ? ", late or slowly" : "") + emits;
    if (!gate.moves_in_phases())
        return gate.closed > 0.0 ? fmt::format(", {:.6g} is left", gate.closed) : "";
    return circuit.may_be_open(gate.compartment, phase) ? ", may be open" : "";
}

std::string schedule_text(const Circuit& circuit) {
    std::string text = "\nschedule of a step\n";
    const std::vector<double> ends = circuit.phase_end_ms();
    for (std::size_t p = 0; p < circuit.phases.size(); ++p) {
        const Phase& phase = circuit.phases[p];
        std::vector<std::string> open, closed;
        for (const Gate& gate : circuit.gates) {
            (gate.open_in[p] ? open : closed)
                .push_back(fmt::format("{} ({}{})", circuit.full_name(gate.compartment), gate.name,
                                       sureness_text(circuit, gate, PhaseId(p))));
        }
        std::vector<std::string> parts = iterations_texts(circuit, PhaseId(p));
        if (!open.empty()) parts.push_back("open: " + list_of(open));
        if (!closed.empty()) parts.push_back("closed: " + list_of(closed));
        // Phases that are carried out in turn show the last iteration.
        const double begin = phase.group >= 0 ? ends[p] - in_ms(phase.nanoseconds)
                             : p == 0         ? 0.0
                                              : ends[p - 1];
        text += fmt::format("  {:>6} to {:>6} ms  {:<10} {}\n", begin, ends[p], phase.name,
                            fmt::join(parts, "; "));
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
        const CompartmentId c(i);
        const std::optional<Coupling>& coupling = circuit[circuit[c].population].coupling;
        const bool is_led = circuit.is_soma(c) && coupling && coupling->solver != Solver::steady;
        if (circuit[c].tau_ms > 0.0 || is_led) all.push_back(circuit.full_name(c));
    }
    for (const Gate& gate : circuit.gates) {
        if (gate.moves_in_phases()) all.push_back(gate_address(gate.name));
    }
    for (const Population& cells : circuit.populations) {
        if (cells.rate_tau_ms > 0.0) all.push_back("the rates of " + cells.name);
        if (cells.scaling && cells.scaling->tau_ms > 0.0)
            all.push_back("the scaling of " + cells.name);
    }
    for (const CellDynamics& one : model.dynamics) {
        if (reads_ms(one.text)) all.push_back(one.asks_as());
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
    const bool is_asked = std::any_of(circuit.phases.begin(), circuit.phases.end(),
                                      [](const Phase& phase) {
                                          return phase.repeat > 1 || phase.group >= 0 ||
                                                 phase.together || phase.sets_back() ||
                                                 !phase.steps.is_each();
                                      }) ||
                          std::any_of(circuit.populations.begin(), circuit.populations.end(),
                                      [](const Population& cells) {
                                          return cells.rate_tau_ms > 0.0 ||
                                                 (cells.scaling && cells.scaling->tau_ms > 0.0);
                                      }) ||
                          std::any_of(circuit.gates.begin(), circuit.gates.end(),
                                      [](const Gate& gate) { return gate.moves_in_phases(); });
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
        numbers += static_cast<double>(entries_of(slot));
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

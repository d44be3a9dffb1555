#include "sim/command_line/schedule_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/anatomy/address.hpp"
#include "learning_rules/text_rule.hpp"

namespace apical {

namespace {

// "in steps 20 to 29 of every 30", "20 iterations of 1 ms"
std::vector<std::string> iterations_texts(const Circuit& circuit, PhaseId id) {
    const Phase& phase = circuit[id];
    const auto& [period, first, last] = phase.steps;
    std::vector<std::string> texts;
    if (period > 1)
        texts.push_back(fmt::format("in steps {} to {} of every {}", first, last, period));
    if (phase.window) texts.push_back(fmt::format("in window {}", circuit[phase.window].name));
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
    if (gate.window && gate.open_in[phase.value])
        return fmt::format(", in window {}", circuit[gate.window].name) + emits;
    if (gate.open_in[phase.value])
        return (gate.moves_in_phases() ? ", late or slowly" : "") + emits;
    if (!gate.moves_in_phases())
        return gate.closed > 0.0 ? fmt::format(", {:.6g} is left", gate.closed) : "";
    return circuit.may_be_open(gate.compartment, phase) ? ", may be open" : "";
}

bool reads_ms(const TextRule& rule) {
    return std::any_of(rule.equations.begin(), rule.equations.end(),
                       [](const Statement& statement) {
                           return statement.assignment == Assignment::rate_of_change ||
                                  find_name(statement.right, "step_ms") != nullptr;
                       });
}

bool is_by_time(const Entry& entry) {
    const auto* text = std::get_if<std::string>(&entry.value.content);
    return entry.key.ends_with("_ms") || entry.key.ends_with("_hz") || entry.key == "density" ||
           entry.key == "stationary_sd" || (entry.key == "kind" && text && *text == "ou");
}

// Whether it says how long, or how often, of anything.
bool is_by_time(const Table& table) {
    return std::ranges::any_of(table.entries, [](const Entry& entry) {
        const auto* inner = std::get_if<Table>(&entry.value.content);
        return inner ? is_by_time(*inner) : is_by_time(entry);
    });
}

// Tables of the section, or these tables within them, whose times `ms` makes into steps or factors.
void add_by_time(const Table& root, const char* section, const char* within,
                 std::vector<std::string>& all) {
    const Value* value = root.find(section);
    const auto* tables = value ? std::get_if<Table>(&value->content) : nullptr;
    if (!tables) return;
    for (const Entry& entry : tables->entries) {
        const auto* table = std::get_if<Table>(&entry.value.content);
        const Value* inner = table && *within ? table->find(within) : nullptr;
        if (*within) table = inner ? std::get_if<Table>(&inner->content) : nullptr;
        if (!table || !is_by_time(*table)) continue;
        all.push_back(*within ? fmt::format("{} of {}", within, entry.key)
                              : fmt::format("{}.{}", section, entry.key));
    }
}

std::vector<std::string> scaled_by_ms(const Model& model) {
    const Circuit& circuit = model.circuit;
    std::vector<std::string> all;
    for (std::size_t i = 0; i < circuit.compartments.size(); ++i) {
        const CompartmentId c(i);
        const std::optional<Coupling>& coupling = circuit[circuit[c].population].coupling;
        const bool is_led = circuit.is_led(c) && coupling && coupling->solver != Solver::steady;
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
    for (const char* section : {"noise", "synapses", "wire"})
        add_by_time(model.root, section, "", all);
    for (const char* within : {"spikes", "fires"})
        add_by_time(model.root, "population", within, all);
    for (const CellDynamics& one : model.dynamics) {
        if (reads_ms(one.text)) all.push_back(one.asks_as());
    }
    for (const BoundRule& bound : model.rules) {
        if (bound.rule->text && reads_ms(*bound.rule->text))
            all.push_back(fmt::format("the rule {} of {}", bound.rule->name, bound.label));
    }
    return all;
}

bool is_iterated_or_sets_back(const Phase& phase) {
    return phase.repeat > 1 || phase.group >= 0 || phase.together || phase.sets_back() ||
           !phase.steps.is_each();
}

bool has_time_constant_of_rates(const Population& cells) {
    return cells.rate_tau_ms > 0.0 || (cells.scaling && cells.scaling->tau_ms > 0.0);
}

// Whether to say what `ms` scales.
bool asks_for_ms(const Circuit& circuit) {
    return std::any_of(circuit.phases.begin(), circuit.phases.end(), is_iterated_or_sets_back) ||
           std::any_of(circuit.populations.begin(), circuit.populations.end(),
                       has_time_constant_of_rates) ||
           std::any_of(circuit.gates.begin(), circuit.gates.end(),
                       [](const Gate& gate) { return gate.moves_in_phases(); });
}

}  // namespace

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

std::string ms_text(const Model& model) {
    const Circuit& circuit = model.circuit;
    if (!asks_for_ms(circuit)) return "";
    const std::vector<std::string> scaled = scaled_by_ms(model);
    if (!scaled.empty()) return fmt::format("  ms scale {}\n", list_of(scaled));
    std::vector<std::string> lengths;
    for (const Phase& phase : circuit.phases)
        lengths.push_back(fmt::format("{}", in_ms(phase.nanoseconds)));
    return fmt::format("  nothing here depends on ms; {} are labels\n", list_of(lengths));
}

}  // namespace apical

#include "circuits/anatomy/load_circuit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/anatomy/check_circuit.hpp"
#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/resolve.hpp"

namespace apical {

namespace {

// The longest phase with all its iterations: as many as a circuit may have are counted in 63 bits.
constexpr double most_ms_of_iterations = 1e8;

int repeat_of(const Section& section) {
    if (!section.has("repeat")) return 1;
    const auto repeat = static_cast<int>(section.integer("repeat"));
    const double ms = section.number("ms");
    if (repeat * ms > most_ms_of_iterations) {
        reject(section.where("repeat"),
               fmt::format("{} iterations of {} ms are {} ms; expected at most {:.0f} ms in a step",
                           repeat, ms, repeat * ms, most_ms_of_iterations));
    }
    return repeat;
}

PeriodicSteps steps_of(const Section& phase) {
    if (phase.has("every") && phase.has("steps")) {
        reject(phase.where("every"), fmt::format("phase \"{}\" has every and steps; expected one",
                                                 phase.text("name").text));
    }
    if (phase.has("every")) {
        const auto every = static_cast<int>(phase.integer("every"));
        return {every, every - 1, every - 1};
    }
    if (!phase.has("steps")) return {};
    Value& value = phase.value("steps");
    const Section section(std::get<Table>(value.content), value.where, "phase.steps",
                          phase_steps_keys());
    PeriodicSteps steps;
    steps.period = static_cast<int>(section.integer("period"));
    steps.first = static_cast<int>(section.integer("first"));
    steps.last = section.has("last") ? static_cast<int>(section.integer("last")) : steps.period - 1;
    const char* out = steps.first >= steps.period ? "first" : "last";
    if (std::max(steps.first, steps.last) >= steps.period) {
        reject(section.where(out),
               fmt::format("phase.steps.{} is {}; expected a step of the period, 0 to {}", out,
                           std::max(steps.first, steps.last), steps.period - 1));
    }
    if (steps.last < steps.first) {
        reject(section.where("last"),
               fmt::format("phase.steps.last is {}, before the first, {}; expected {} to {}",
                           steps.last, steps.first, steps.first, steps.period - 1));
    }
    return steps;
}

// An earlier phase, as whose end another one begins.
PhaseId earlier_phase(const Circuit& circuit, const Text& begin, std::size_t than) {
    const PhaseId found = circuit.find_phase(begin.text);
    if (!found) {
        std::vector<std::string> known = {"keep", "rest"};
        for (const Phase& phase : circuit.phases) known.push_back(phase.name);
        reject_unknown(begin, "beginning of a phase", known);
    }
    if (found.value >= than) {
        reject(begin.where,
               fmt::format("phase \"{}\" begins as \"{}\" ends, which {}; expected \"keep\", "
                           "\"rest\" or an earlier phase",
                           circuit.phases[than].name, begin.text,
                           found.value == than ? "it is itself" : "comes later in the step"));
    }
    return found;
}

void load_beginning(Circuit& circuit, std::size_t phase, const Table& table) {
    const Value* value = table.find("begin");
    if (!value) return;
    const Text begin = {std::get<std::string>(value->content), value->where};
    if (begin.text == "keep") return;
    circuit.phases[phase].begins_at_rest = begin.text == "rest";
    if (begin.text != "rest")
        circuit.phases[phase].begins_as = earlier_phase(circuit, begin, phase);
}

}  // namespace

void check_room(std::size_t count, std::string_view what, const Where& where) {
    if (count < most_of_a_kind) return;
    const std::string sentence =
        fmt::format("the circuit has more than {} {}", most_of_a_kind, what);
    reject(where, sentence, sentence);
}

void load_phases(Circuit& circuit, Value& list) {
    for (Value& value : std::get<Array>(list.content)) {
        const Section section(std::get<Table>(value.content), value.where, "phase", phase_keys());
        check_room(circuit.phases.size(), "phases", value.where);
        const double nanoseconds = section.number("ms") * nanoseconds_per_ms;
        const Text name = section.text("name");
        check_letters(name);
        if (circuit.find_phase(name.text)) {
            reject(name.where, fmt::format("there are two phases \"{}\"", name.text));
        }
        if (std::abs(nanoseconds - std::round(nanoseconds)) > 1e-3 || nanoseconds < 0.5) {
            reject(section.where("ms"), "a phase lasts a whole number of nanoseconds");
        }
        const bool together = section.has("order") && section.text("order").text == "together";
        circuit.phases.push_back({.name = name.text,
                                  .nanoseconds = std::llround(nanoseconds),
                                  .repeat = repeat_of(section),
                                  .together = together,
                                  .steps = steps_of(section),
                                  .window = load_window(circuit, section),
                                  .where = value.where});
    }
    if (circuit.phases.empty()) reject(list.where, "a model needs at least one phase");
    for (std::size_t p = 0; p < circuit.phases.size(); ++p)
        load_beginning(circuit, p, std::get<Table>(std::get<Array>(list.content)[p].content));
}

std::int64_t steps_of_run(const Table& root) {
    const Value* run = root.find("run");
    const auto* table = run ? std::get_if<Table>(&run->content) : nullptr;
    const Value* steps = table ? table->find("steps") : nullptr;
    const auto* number = steps ? std::get_if<std::int64_t>(&steps->content) : nullptr;
    return number ? *number : 0;
}

Circuit load_circuit(Table& root, const TaskShape& task) {
    Circuit circuit;
    load_trials(circuit, root, task);
    load_phases(circuit, *root.find("phase"));
    load_groups(circuit, root);
    load_activations(circuit, root);
    load_populations(circuit, *root.find("population"), task);
    Mistakes mistakes;
    for (Entry& entry : std::get<Table>(root.find("gate")->content).entries)
        mistakes.attempt([&] { load_gate(circuit, entry); });
    mistakes.attempt(
        [&] { load_synapses(circuit, std::get<Table>(root.find("synapses")->content)); });
    mistakes.attempt([&] { load_wires(circuit, root); });
    mistakes.reject_any();
    load_noise(circuit, root);
    load_loss(circuit, root);
    load_scaling(circuit, std::get<Table>(root.find("population")->content));
    load_time_constants(circuit, std::get<Table>(root.find("population")->content));
    load_refractory(circuit, std::get<Table>(root.find("population")->content));
    check_firing(circuit);
    check_circuit(circuit);
    load_events(circuit, root, steps_of_run(root));
    return circuit;
}

}  // namespace apical

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"

namespace apical {

namespace {

// A phase in which the soma fires the cells, which approach phi of its voltage there.
bool is_approached(const Circuit& circuit, PopulationId cells, PhaseId phase) {
    return circuit.fires(cells, phase) && circuit.is_open(circuit.soma(cells), phase);
}

// From one firing of the cells to the next: a step, or an iteration of each phase in which they
// fire.
double ms_between_firings(const Circuit& circuit, PopulationId cells, const Where& where) {
    std::optional<PhaseId> first;
    for (std::size_t p = 0; p < circuit.phases.size(); ++p) {
        const PhaseId phase(p);
        if (!is_approached(circuit, cells, phase)) continue;
        if (!first) {
            first = phase;
            continue;
        }
        const Phase &one = circuit[*first], &other = circuit[phase];
        const bool iterates = circuit.iterations_of(*first) > 1 && circuit.iterations_of(phase) > 1;
        const bool in_turn = circuit.first_in_turn(*first) == circuit.first_in_turn(phase);
        if (iterates && !in_turn &&
            circuit.iteration_nanoseconds(*first) == circuit.iteration_nanoseconds(phase))
            continue;
        reject(where,
               fmt::format("\"{}\" fires in the phases \"{}\" and \"{}\", from one firing to "
                           "the next in different times; expected alpha as a number, or "
                           "phases of as many ms with repeat",
                           circuit[cells].name, one.name, other.name));
    }
    if (first && circuit.iterations_of(*first) > 1)
        return in_ms(circuit.iteration_nanoseconds(*first));
    return circuit.step_ms();
}

// `key`: uniform or file, which says that each cell has its own.
void check_alone(const Section& section, std::string_view key) {
    for (const char* other : {"tau_ms", "euler", "uniform", "file"}) {
        if (other == key || !section.has(other)) continue;
        reject(section.where(other),
               fmt::format("[{}] has {} and {}; expected one", section.name(), key, other));
    }
}

// What they are is known when the run begins (sim/simulation/start_bounds.hpp).
void load_alphas_of_file(Circuit& circuit, PopulationId cells, const Section& section) {
    check_alone(section, "file");
    section.require("dataset", "an alpha of each cell from a file");
    Initializer alphas;
    alphas.kind = Initializer::Kind::file;
    alphas.where = section.where("file");
    alphas.path = section.text("file").text;
    alphas.dataset = section.text("dataset").text;
    circuit.populations[cells.value].alphas = alphas;
    circuit.populations[cells.value].alpha = 0.5;
}

void load_own_alphas(Circuit& circuit, PopulationId cells, const Section& section) {
    check_alone(section, "uniform");
    const auto [low, high] = section.number_pair("uniform");
    Initializer alphas;
    alphas.kind = Initializer::Kind::uniform;
    alphas.where = section.where("uniform");
    alphas.low.factor = low;
    alphas.high.factor = high;
    circuit.populations[cells.value].alphas = alphas;
    circuit.populations[cells.value].alpha = (low + high) / 2.0;
}

void load_alpha(Circuit& circuit, PopulationId cells, Value& value) {
    const std::string name = fmt::format("population.{}.alpha", circuit[cells].name);
    const Section section(std::get<Table>(value.content), value.where, name, alpha_keys());
    if (section.has("dataset") && !section.has("file"))
        reject(section.where("dataset"), "\"dataset\" goes with \"file\" alone");
    if (section.has("file")) return load_alphas_of_file(circuit, cells, section);
    if (section.has("uniform")) return load_own_alphas(circuit, cells, section);
    section.require("tau_ms", name);
    const double ms = ms_between_firings(circuit, cells, value.where),
                 tau = section.number("tau_ms");
    const bool is_euler = section.has("euler") && section.boolean("euler");
    const double alpha = is_euler ? ms / tau : -std::expm1(-ms / tau);
    if (alpha > 1.0) {
        reject(section.where("tau_ms"),
               fmt::format("{} is {} ms / {} ms = {:.6g} with euler = true; expected tau_ms of at "
                           "least {}",
                           name, ms, tau, alpha, ms));
    }
    circuit.populations[cells.value].alpha = alpha;
    circuit.populations[cells.value].rate_tau_ms = tau;
}

}  // namespace

void load_time_constants(Circuit& circuit, Table& populations) {
    Mistakes mistakes;
    for (Entry& entry : populations.entries) {
        const PopulationId cells = circuit.find_population(entry.key);
        Table* table = std::get_if<Table>(&entry.value.content);
        Value* alpha = table && cells ? table->find("alpha") : nullptr;
        if (!alpha || !std::holds_alternative<Table>(alpha->content)) continue;
        mistakes.attempt([&] { load_alpha(circuit, cells, *alpha); });
    }
    mistakes.reject_any();
}

}  // namespace apical

// Cells that fire spikes, the table `spikes` of a population.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "circuits/anatomy/check_circuit.hpp"
#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/text/whole_number.hpp"

namespace apical {

namespace {

constexpr double most_refractory = 1e9;

constexpr std::array spikes_table = {
    Key{.section = "spikes",
        .name = "threshold",
        .type = Type::number,
        .minimum = 0,
        .maximum = 1e15,
        .above_minimum = true,
        .description = "somatic voltage at which a cell spikes"},
    Key{.section = "spikes",
        .name = "reset",
        .type = Type::number,
        .default_value = "\"subtract\"",
        .minimum = -1e15,
        .maximum = 1e15,
        .choices = "subtract",
        .description = "the voltage that a spike leaves behind at once; subtract: the threshold is "
                       "taken from it before the next firing"},
    Key{.section = "spikes",
        .name = "refractory",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 0,
        .maximum = most_refractory,
        .unit = "firings",
        .description = "from a spike to the next at least so many steps, or iterations of the "
                       "phase in which the cells fire; left out: one"},
    Key{.section = "spikes",
        .name = "refractory_ms",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e15,
        .unit = "ms",
        .description = "the same in ms, whole steps of them"},
    Key{.section = "spikes",
        .name = "height",
        .type = Type::number,
        .default_value = "0.3",
        .minimum = 0,
        .maximum = 1e15,
        .description = "of the surrogate slope that rules read, height / threshold max(0, 1 - |v - "
                       "A| / threshold), A the threshold with its adaptation"},
    Key{.section = "spikes",
        .name = "adaptation",
        .type = Type::table,
        .default_value = "-",
        .inner = "spikes.adaptation",
        .description = "the threshold rises with what the cell has fired of late"},
};

constexpr std::array adaptation_table = {
    Key{.section = "spikes.adaptation",
        .name = "tau_ms",
        .type = Type::number,
        .minimum = 0,
        .maximum = 1e15,
        .above_minimum = true,
        .unit = "ms",
        .description = "time constant with which it comes back"},
    Key{.section = "spikes.adaptation",
        .name = "strength",
        .type = Type::number,
        .minimum = 0,
        .maximum = 1e15,
        .description = "by which each spike raises it"},
    Key{.section = "spikes.adaptation",
        .name = "cells",
        .type = Type::text,
        .default_value = "-",
        .description = "cells that adapt, from the first to before the last, as in \"50:100\"; "
                       "left out: all"},
};

AdaptingCells cells_of(const Text& text, int size) {
    const std::optional<WholeRange> range = whole_range(text.text);
    if (range && range->end <= size) {
        AdaptingCells cells;
        cells.first = static_cast<int>(range->first);
        cells.end = static_cast<int>(range->end);
        return cells;
    }
    reject(text.where, fmt::format("adaptation.cells is \"{}\"; expected \"FIRST:END\" within "
                                   "\"0:{}\"",
                                   shortened(text.text), size));
}

Adaptation adaptation_of(const Population& cells, Value& value) {
    const Section section(std::get<Table>(value.content), value.where,
                          fmt::format("population.{}.spikes.adaptation", cells.name),
                          adaptation_keys());
    Adaptation adaptation{.tau_ms = section.number("tau_ms"),
                          .strength = section.number("strength")};
    if (section.has("cells")) adaptation.cells = cells_of(section.text("cells"), cells.size);
    return adaptation;
}

// What such cells fire is 0 or 1 at once, by their soma.
void check_keys(const Population& cells, const Section& section) {
    const auto refuse = [&](const char* key, std::string_view expected) {
        reject(section.where(key),
               fmt::format("\"{}\" spikes and has {}; expected {}", cells.name, key, expected));
    };
    if (cells.alpha != 1.0 || std::holds_alternative<Table>(section.value("alpha").content))
        refuse("alpha", "tau_ms = { soma = ... } in its place");
    const Initializer& rates = cells.initial_rate;
    const bool is_spike = rates.scale.factor == 0.0 || rates.scale.factor == 1.0;
    if (rates.kind == Initializer::Kind::file ||
        (rates.kind == Initializer::Kind::constant && is_spike))
        return;
    refuse("init", "0 or 1 before the first step");
}

// From one firing to the next.
double ms_of_firing(const Circuit& circuit, PopulationId cells) {
    for (std::size_t p = 0; p < circuit.phases.size(); ++p) {
        const PhaseId phase(p);
        if (circuit.fires(cells, phase) && circuit.iterations_of(phase) > 1)
            return in_ms(circuit.iteration_nanoseconds(phase));
    }
    return circuit.step_ms();
}

int firings_of(double ms, double firing, const Where& where) {
    const double firings = ms / firing, whole = std::round(firings);
    constexpr double rounding = 1e-9;
    if (std::abs(firings - whole) <= rounding * std::max(1.0, whole) && whole <= most_refractory)
        return static_cast<int>(whole);
    reject(where,
           fmt::format("refractory_ms = {} is no whole number of steps of {} ms; nearest "
                       "are {} and {}",
                       ms, firing, std::floor(firings) * firing, std::ceil(firings) * firing));
}

}  // namespace

std::span<const Key> spikes_keys() { return spikes_table; }
std::span<const Key> adaptation_keys() { return adaptation_table; }

void load_spikes(Circuit& circuit, PopulationId id, const Section& population) {
    Population& cells = circuit.populations[id.value];
    check_keys(cells, population);
    Value& value = population.value("spikes");
    const Section section(std::get<Table>(value.content), value.where,
                          fmt::format("population.{}.spikes", cells.name), spikes_keys());
    Spikes spikes{.threshold = section.number("threshold"),
                  .height = section.number("height"),
                  .where = value.where};
    if (!std::holds_alternative<std::string>(section.value("reset").content))
        spikes.reset_to = section.number("reset");
    if (section.has("refractory") && section.has("refractory_ms")) {
        reject(section.where("refractory_ms"),
               fmt::format("[{}] has refractory and refractory_ms; expected one", section.name()));
    }
    if (section.has("refractory"))
        spikes.refractory = static_cast<int>(section.integer("refractory"));
    if (section.has("adaptation"))
        spikes.adaptation = adaptation_of(cells, section.value("adaptation"));
    cells.spikes = spikes;
    cells.activation = Activation::linear;  // of a voltage that fires by no activation
}

void load_refractory(Circuit& circuit, Table& populations) {
    for (Entry& entry : populations.entries) {
        const PopulationId cells = circuit.find_population(entry.key);
        Table* table = std::get_if<Table>(&entry.value.content);
        Value* spikes = table && cells ? table->find("spikes") : nullptr;
        if (!spikes) continue;
        const Section section(std::get<Table>(spikes->content), spikes->where,
                              fmt::format("population.{}.spikes", entry.key), spikes_keys());
        if (!section.has("refractory_ms")) continue;
        circuit.populations[cells.value].spikes->refractory =
            firings_of(section.number("refractory_ms"), ms_of_firing(circuit, cells),
                       section.where("refractory_ms"));
    }
}

namespace {

// Numbers that such cells have are told from compartments by their names.
void check_names(const Circuit& circuit, const Population& cells) {
    for (const CompartmentId c : cells.compartments) {
        const std::string& name = circuit[c].name;
        const bool is_of_spikes = cells.spikes && (name == "threshold" || name == "adapted" ||
                                                   name == "adaptation" || name == "wait");
        if (!is_of_spikes && !(cells.bursts && name.starts_with("burst"))) continue;
        reject(circuit[c].where,
               fmt::format("\"{}\" is a number of cells that {}; expected another name of the "
                           "dendrite",
                           circuit.full_name(c), is_of_spikes ? "spike" : "burst"));
    }
}

// Whether the gate of a compartment's path is not surely shut.
bool may_open_ever(const Circuit& circuit, CompartmentId c) {
    for (std::size_t p = 0; p < circuit.phases.size(); ++p)
        if (circuit.may_be_open(c, PhaseId(p))) return true;
    return false;
}

}  // namespace

void check_spikes(const Circuit& circuit) {
    for (const Population& cells : circuit.populations) check_names(circuit, cells);
    for (std::size_t i = 0; i < circuit.populations.size(); ++i) {
        const PopulationId id(i);
        const Population& cells = circuit[id];
        if (!cells.spikes) continue;
        for (const CompartmentId c : cells.compartments) {
            if (!circuit[c].gate || circuit.is_coupled(c) || !may_open_ever(circuit, c)) continue;
            reject(circuit[circuit[c].gate].where,
                   fmt::format("\"{}\" spikes by its soma, and gate \"{}\" opens \"{}\"; expected "
                               "a dendrite that population.{}.coupling couples to the soma",
                               cells.name, circuit[circuit[c].gate].name, circuit.full_name(c),
                               cells.name));
        }
        std::vector<std::string> fires;
        for (std::size_t p = 0; p < circuit.phases.size(); ++p)
            if (circuit.fires(id, PhaseId(p))) fires.push_back(circuit.phases[p].name);
        if (fires.size() < 2) continue;
        reject(cells.spikes->where,
               fmt::format("\"{}\" spikes in the phases \"{}\" and \"{}\"; expected one, once in "
                           "a step or in each of its iterations",
                           cells.name, fires[0], fires[1]));
    }
}

}  // namespace apical

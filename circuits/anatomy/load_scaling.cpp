// Sums of strengths that cells keep, by scaling what they receive.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/anatomy/resolve.hpp"

namespace apical {

namespace {

constexpr std::array scaling_table = {
    Key{.section = "scale_incoming",
        .name = "of",
        .type = Type::texts,
        .names = "synapses",
        .description =
            "synapse sets that end on the cells, which are summed up and scaled together"},
    Key{.section = "scale_incoming",
        .name = "to",
        .type = Type::number,
        .minimum = 0,
        .maximum = 1e15,
        .above_minimum = true,
        .description = "what the sum of each cell is kept at"},
    Key{.section = "scale_incoming",
        .name = "norm",
        .type = Type::integer,
        .default_value = "1",
        .minimum = 1,
        .maximum = 2,
        .description = "1: the sum of absolute strengths; 2: the root of the sum of their squares"},
    Key{.section = "scale_incoming",
        .name = "tau_ms",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e15,
        .above_minimum = true,
        .unit = "ms",
        .description = "time constant with which the sum comes back to it, slow synaptic scaling; "
                       "left out: it is kept at once, behind each change"},
    Key{.section = "scale_incoming",
        .name = "at_most",
        .type = Type::boolean,
        .default_value = "-",
        .description = "true: a sum that is smaller is left as it is, so that strengths are scaled "
                       "down alone"},
};

void check_set(const Circuit& circuit, PopulationId cells, const Text& name,
               const IncomingScaling& scaling) {
    const SynapseSetId set = resolve_synapses(circuit, name);
    const std::vector<SynapseSetId>& all = scaling.of;
    if (std::find(all.begin(), all.end(), set) != all.end())
        reject(name.where, fmt::format("\"{}\" is summed up twice", name.text));
    if (circuit[set].post != cells) {
        reject(
            name.where,
            fmt::format("synapses \"{}\" end on \"{}\"; the incoming ones of \"{}\" are expected",
                        name.text, circuit[circuit[set].post].name, circuit[cells].name));
    }
}

void load(Circuit& circuit, PopulationId cells, Value& value) {
    const std::string name = fmt::format("population.{}.scale_incoming", circuit[cells].name);
    const Section section(std::get<Table>(value.content), value.where, name, scaling_keys());
    IncomingScaling scaling;
    scaling.where = value.where;
    scaling.to = section.number("to");
    scaling.norm = static_cast<int>(section.integer("norm"));
    scaling.at_most = section.has("at_most") && section.boolean("at_most");
    if (section.has("tau_ms")) scaling.tau_ms = section.number("tau_ms");
    for (const Text& set : section.texts("of")) {
        check_set(circuit, cells, set, scaling);
        scaling.of.push_back(resolve_synapses(circuit, set));
    }
    if (scaling.of.empty())
        reject(section.where("of"), fmt::format("[{}] sums up no synapse set", name));
    circuit.populations[cells.value].scaling = scaling;
}

}  // namespace

std::span<const Key> scaling_keys() { return scaling_table; }

void load_scaling(Circuit& circuit, Table& populations) {
    Mistakes mistakes;
    for (Entry& entry : populations.entries) {
        const PopulationId cells = circuit.find_population(entry.key);
        Table* table = std::get_if<Table>(&entry.value.content);
        Value* scaling = table && cells ? table->find("scale_incoming") : nullptr;
        if (scaling) mistakes.attempt([&] { load(circuit, cells, *scaling); });
    }
    mistakes.reject_any();
}

}  // namespace apical

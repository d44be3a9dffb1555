// What the losses of imperfect circuits are compared with.
#include <fmt/format.h>

#include <algorithm>

#include "sim/sweep/imperfections.hpp"
#include "sim/sweep/overrides.hpp"

namespace apical {

namespace {

const Table* table_in(const Table* in, std::string_view key) {
    const Value* value = in ? in->find(key) : nullptr;
    return value ? std::get_if<Table>(&value->content) : nullptr;
}

// [survive.baseline.NAME] of the model; null when it has none.
const Table* stated_baseline(const Model& model, std::string_view name) {
    return table_in(table_in(table_in(&model.root, "survive"), "baseline"), name);
}

// Whether the loss is of these cells, or of cells that wires join to them one to one.
bool is_read_out(const Circuit& circuit, PopulationId cells) {
    if (circuit[cells].role == Role::output) return true;
    if (!circuit.loss) return false;
    if (circuit.loss->cells == cells) return true;
    return std::any_of(circuit.wires.begin(), circuit.wires.end(), [&](const Wire& wire) {
        return wire.source == cells && circuit[wire.target].population == circuit.loss->cells;
    });
}

std::vector<std::string> sets_of(const Table& binding) {
    std::vector<std::string> names;
    const Value* sets = binding.find("synapses");
    if (!sets) return names;
    if (const auto* one = std::get_if<std::string>(&sets->content)) return {*one};
    if (const auto* list = std::get_if<Array>(&sets->content)) {
        for (const Value& name : *list)
            if (const auto* text = std::get_if<std::string>(&name.content)) names.push_back(*text);
    }
    return names;
}

bool is_of_readout(const Circuit& circuit, const Table& binding) {
    const std::vector<std::string> sets = sets_of(binding);
    return !sets.empty() && std::all_of(sets.begin(), sets.end(), [&](const std::string& name) {
        const SynapseSetId set = circuit.find_synapses(name);
        return set && is_read_out(circuit, circuit[set].post);
    });
}

}  // namespace

std::vector<Override> still_baseline(const Model& model) {
    if (const Table* stated = stated_baseline(model, "still")) return overrides_of(*stated);
    std::vector<Override> all;
    const Table* rules = table_in(&model.root, "plasticity");
    for (const Entry& entry : rules ? rules->entries : std::vector<Entry>{}) {
        const Table& binding = std::get<Table>(entry.value.content);
        if (is_of_readout(model.circuit, binding)) continue;
        if (!binding.find("rate")) {
            reject(entry.where,
                   fmt::format("[plasticity.{}] has no rate that could be 0; expected "
                               "[survive.baseline.still] with keys by which the circuit learns "
                               "nothing but its readout",
                               entry.key));
        }
        Override still;
        still.key = fmt::format("plasticity.{}.rate", entry.key);
        still.value = value_of(0.0);
        all.push_back(std::move(still));
    }
    if (!all.empty()) return all;
    reject({model.path, 1, 1},
           "nothing but a readout learns in this circuit, so that no imperfection has a gain to "
           "take; expected a rule that changes other sets, or [survive.baseline.still]");
}

std::vector<Override> instant_baseline(const Model& model) {
    const Table* stated = stated_baseline(model, "instant");
    return stated ? overrides_of(*stated) : std::vector<Override>{};
}

}  // namespace apical

#include "learning_rules/start_and_noise.hpp"

#include <fmt/format.h>

#include "circuits/load_circuit.hpp"

namespace apical {

Replay replay_of(const Binding& binding, int column, int columns) {
    if (!binding.options.has("noise")) return {};
    Value& value = binding.options.value("noise");
    const Section noise(std::get<Table>(value.content), value.where,
                        binding.options.name() + ".noise", keys_of("noise"));
    return {noise.text("file").text, noise.text("dataset").text, column, columns,
            noise.where("file")};
}

Initializer start_of(const Binding& binding, std::string_view key) {
    const std::string name = fmt::format("{}.{}", binding.options.name(), key);
    Initializer start = load_initializer(binding.options.value(key), name, true);
    if (start.kind != Initializer::Kind::copy) return start;
    reject(start.where,
           fmt::format("[{}] is no synapse set's copy; expected constant, normal, uniform, "
                       "orthogonal, identity or file",
                       name));
}

Initializer columns_of(const Circuit& circuit, const Binding& binding, Initializer start, int first,
                       int count) {
    if (start.transpose) {
        reject(start.where,
               "what all synapse sets share cannot be transposed; expected rows of "
               "postsynaptic cells and the columns of all sets beside each other");
    }
    int all = 0;
    for (const SynapseSetId set : binding.synapses) all += circuit[circuit[set].pre].size;
    const bool all_taken = start.end_column < 0 || start.end_column - start.first_column == all;
    if (!all_taken) {
        reject(start.where, fmt::format("{} columns are taken of \"{}\"; expected {}, those of all "
                                        "synapse sets of [{}] beside each other",
                                        start.end_column - start.first_column, start.dataset, all,
                                        binding.options.name()));
    }
    if (start.end_column < 0) start.all_columns = all;
    start.first_column += first;
    start.end_column = start.first_column + count;
    return start;
}

std::vector<SlotId> tags_of(ProgramBuilder& program, const Binding& binding, std::string_view name,
                            const Initializer& start) {
    const Circuit& circuit = program.circuit();
    std::vector<SlotId> tags;
    int first = 0;
    for (const SynapseSetId set : binding.synapses) {
        const int count = circuit[circuit[set].pre].size;
        tags.push_back(program.tag(set, name, columns_of(circuit, binding, start, first, count)));
        first += count;
    }
    return tags;
}

}  // namespace apical

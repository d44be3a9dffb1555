#include "learning_rules/start_and_noise.hpp"

#include <fmt/format.h>

#include <array>

#include "circuits/anatomy/load_circuit.hpp"

namespace apical {

namespace {

constexpr std::array noise_table = {
    Key{.section = "noise",
        .name = "file",
        .type = Type::text,
        .description = "HDF5 file, from the model file's folder"},
    Key{.section = "noise",
        .name = "dataset",
        .type = Type::text,
        .description = "dataset in `file`, one row a step"},
};

}  // namespace

std::span<const Key> noise_keys() { return noise_table; }

Replay replay_of(const Binding& binding, int column, int columns) {
    if (!binding.options.has("noise")) return {};
    Value& value = binding.options.value("noise");
    const Section noise(std::get<Table>(value.content), value.where,
                        binding.options.name() + ".noise", noise_table);
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

std::vector<Initializer> parts_of(const Circuit& circuit, const Binding& binding,
                                  const Initializer& start) {
    if (start.transpose) {
        reject(start.where,
               "what all synapse sets share cannot be transposed; expected rows of "
               "postsynaptic cells and the columns of all sets beside each other");
    }
    std::vector<Initializer> parts;
    int end = start.first_column;
    for (const SynapseSetId set : binding.synapses) {
        Initializer& part = parts.emplace_back(start);
        part.first_column = end;
        part.end_column = end += circuit[circuit[set].pre].size;
    }
    const int all = end - start.first_column;
    if (start.end_column >= 0 && start.end_column != end) {
        reject(start.where, fmt::format("{} columns are taken of \"{}\"; expected {}, those of all "
                                        "synapse sets of [{}] beside each other",
                                        start.end_column - start.first_column, start.dataset, all,
                                        binding.options.name()));
    }
    if (start.end_column < 0) {
        for (Initializer& part : parts) part.all_columns = all;
    }
    return parts;
}

std::vector<SlotId> tags_of(ProgramBuilder& program, const Binding& binding, std::string_view name,
                            const Initializer& start) {
    const std::vector<Initializer> parts = parts_of(program.circuit(), binding, start);
    std::vector<SlotId> tags;
    for (std::size_t k = 0; k < parts.size(); ++k)
        tags.push_back(program.tag(binding.synapses[k], name, parts[k]));
    return tags;
}

}  // namespace apical

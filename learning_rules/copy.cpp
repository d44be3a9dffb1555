#include <fmt/format.h>

#include "circuits/anatomy/resolve.hpp"
#include "learning_rules/rules.hpp"

namespace apical {

namespace {

constexpr Key keys[] = {
    {.section = "plasticity.*",
     .name = "of",
     .type = Type::text_list,
     .description = "synapse sets whose strengths are taken over, one for each of `synapses`"},
    {.section = "plasticity.*",
     .name = "every",
     .type = Type::integer,
     .minimum = 1,
     .maximum = 1e9,
     .unit = "steps",
     .description = "distance between two refreshments"},
};

// The target copy of the authors' code: a frozen set that jumps to another's strengths, which no
// synapse can do.
RuleParts emit(ProgramBuilder& program, const Binding& binding) {
    const Circuit& circuit = program.circuit();
    const std::vector<Text> sources = binding.options.texts("of");
    if (sources.size() != binding.synapses.size()) {
        reject(
            binding.options.where("of"),
            fmt::format(
                "rule \"copy\" needs one set in \"of\" for each of its {} synapse sets; found {}",
                binding.synapses.size(), sources.size()));
    }
    const auto every = static_cast<int>(binding.options.integer("every"));
    program.every(every);
    RulePart copied{.name = "of"};
    for (std::size_t k = 0; k < sources.size(); ++k) {
        const SynapseSetId source = resolve_synapses(circuit, sources[k]);
        const SynapseSet& target = circuit[binding.synapses[k]];
        if (source == binding.synapses[k]) {
            reject(sources[k].where,
                   fmt::format("rule \"copy\" needs another set than \"{}\" itself", target.name));
        }
        const bool fits = source &&
                          circuit[circuit[source].post].size == circuit[target.post].size &&
                          circuit[circuit[source].pre].size == circuit[target.pre].size;
        if (!fits) {
            reject(
                sources[k].where,
                fmt::format("rule \"copy\" needs a synapse set of the size of \"{}\"; found \"{}\"",
                            target.name, sources[k].text));
        }
        copied.slots.push_back(program.strength(source));
        program.assign(program.strength(binding.synapses[k]), copied.slots.back());
    }
    return {.slots = {copied}, .constants = {{"every", static_cast<double>(every)}}};
}

}  // namespace

const LearningRule copy = {"copy", "strengths of other sets, taken over every k steps", keys, emit};

}  // namespace apical

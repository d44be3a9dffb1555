#include <fmt/format.h>

#include "circuits/anatomy/recurrent_network.hpp"
#include "circuits/anatomy/resolve.hpp"
#include "learning_rules/rules.hpp"

namespace apical {

namespace {

constexpr Key keys[] = {
    {.section = "plasticity.*",
     .name = "of",
     .type = Type::text_list,
     .description = "the recurrent synapse set whose Jacobian is taken, alone in a list"},
};

SynapseSetId recurrent_set(const Circuit& circuit, const Binding& binding) {
    const std::vector<Text> of = binding.options.texts("of");
    if (of.size() == 1) {
        const SynapseSetId id = resolve_synapses(circuit, of.front());
        const PopulationId cells = circuit[id].post;
        if (is_within(circuit, id, cells) && circuit[cells].role == Role::cells) return id;
    }
    reject(binding.options.where("of"),
           "rule \"exact_jacobian\" needs one recurrent synapse set in \"of\"");
}

// J(t) = dr(t)/dr(t-1) = (1 - alpha) I + alpha diag(phi'(v(t))) W_rec, set anew in each step. (The
// line after Table 1 has r_j where W_ij belongs: a slip.)
RuleParts emit(ProgramBuilder& program, const Binding& binding) {
    const Circuit& circuit = program.circuit();
    const SynapseSetId source = recurrent_set(circuit, binding);
    const PopulationId cells = circuit[source].post;
    check_one_alpha(circuit, cells, "rule \"exact_jacobian\"");
    const SlotId slope = program.slope(circuit.soma(cells));
    for (const SynapseSetId set : binding.synapses) {
        if (!is_within(circuit, set, cells)) {
            reject(
                binding.options.where("synapses"),
                fmt::format("rule \"exact_jacobian\" needs synapse sets from \"{0}\" to \"{0}\"; "
                            "\"{1}\" is none",
                            circuit[cells].name, circuit[set].name));
        }
        program.assign_jacobian(program.strength(set), program.strength(source), slope,
                                circuit[cells].alpha);
    }
    return {};
}

}  // namespace

const LearningRule exact_jacobian = {
    "exact_jacobian",
    "strengths set to (1 - alpha) I + alpha diag(slope) W in each step; no synapse can do this",
    keys, emit};

}  // namespace apical

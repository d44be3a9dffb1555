#include <fmt/format.h>

#include "learning_rules/rules.hpp"

namespace apical {

namespace {

constexpr Key keys[] = {
    learning_rate,
};

// The gradient of the loss with respect to the output's strengths is e_k r_j, e = y - y*.
RuleParts emit(ProgramBuilder& program, const Binding& binding) {
    const Circuit& circuit = program.circuit();
    const PopulationId post = postsynaptic(program, binding, "delta");
    const PopulationId error = circuit.find_role(Role::error);
    if (!error || circuit[error].same_cells_as != post) {
        reject(binding.options.where("synapses"),
               fmt::format("rule \"delta\" needs synapse sets that end on the output, and a "
                           "population with role \"error\"; "
                           "\"{}\" ends on \"{}\"{}",
                           circuit[binding.synapses.front()].name, circuit[post].name,
                           error ? "" : ", and no population has that role"));
    }
    const Rate rate = binding.rate();
    for (const SynapseSetId set : binding.synapses) {
        program.hebb(program.strength(set), program.rate(error), program.presynaptic(set), 1.0,
                     -rate.value);
    }
    return {.rate = rate, .credit = program.rate(error)};
}

}  // namespace

const LearningRule delta = {"delta",
                            "change_kj = - rate * error_k * presynaptic_j, error_k the rate of the "
                            "population with role error",
                            keys, emit};

}  // namespace apical

#include <fmt/format.h>

#include <algorithm>

#include "learning_rules/rules.hpp"

namespace apical {

namespace {

constexpr Key keys[] = {
    learning_rate,
};

// Eq. (3), with the sign that converges (as printed it diverges): J_ij += rate (r_i(t) - sum_j J_ij
// r_j(t-1)) r_j(t-1). The prediction is the voltage that the sets themselves make, so their
// compartment must have no other afferents.
RuleParts emit(ProgramBuilder& program, const Binding& binding) {
    const Circuit& circuit = program.circuit();
    const PopulationId post = postsynaptic(program, binding, "predict_rate");
    const SynapseSetId first = binding.synapses.front();
    program.presynaptic(first);  // rejects a set without a use of its own
    const CompartmentId forecast = circuit.own_use(first)->target;
    for (const Transmission& use : circuit.transmissions) {
        const bool ours = use.own && std::find(binding.synapses.begin(), binding.synapses.end(),
                                               use.set) != binding.synapses.end();
        if (ours == (use.target == forecast)) continue;
        reject(binding.options.where("synapses"),
               fmt::format("rule \"predict_rate\" needs a compartment that its sets alone drive, "
                           "as their prediction; \"{}\" goes to \"{}\"",
                           circuit[use.set].name, circuit.full_name(use.target)));
    }
    const SlotId error = program.difference(program.rate(post), program.voltage(forecast),
                                            binding.signal_name("error"));
    const Rate rate = binding.rate();
    for (const SynapseSetId set : binding.synapses) {
        program.hebb(program.strength(set), error, program.presynaptic(set), 1.0, rate.value);
    }
    return {.rate = rate, .slots = {{"predicted", {program.rate(post)}}}};
}

}  // namespace

const LearningRule predict_rate = {
    "predict_rate", "change_ij = rate * (rate_i - prediction_i) * presynaptic_j  (Eq. 3)", keys,
    emit};

}  // namespace apical

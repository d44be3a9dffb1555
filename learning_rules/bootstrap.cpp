#include "learning_rules/rules.hpp"

namespace apical {

namespace {

constexpr Key keys[] = {
    learning_rate,
    {.section = "plasticity.*",
     .name = "prediction",
     .type = Type::text,
     .description =
         "what was predicted of last step: the voltage held since then, as in "
         "\"previous(hidden.apical)\", or "
         "the voltage of a compartment into which last step's rates are fired once more"},
    {.section = "plasticity.*",
     .name = "target",
     .type = Type::text_list,
     .description = "signals whose sum the prediction should have been, as in "
                    "[\"previous(hidden.feedback)\", \"hidden.bootstrap\"]"},
};

// The synthetic gradient's label c*(t-1) = c(t-1) + phi(u(t)) J is known one step late (DNI row of
// Table 1):
//   A_il <- A_il - rate (p_i - c*_i) r~_l(t-1),  p = A r~(t-1)
// so the presynaptic factor is what the set carried one step earlier.
RuleParts emit(ProgramBuilder& program, const Binding& binding) {
    postsynaptic(program, binding, "bootstrap");
    const auto signal = [&](const Text& address) {
        return postsynaptic_signal(program, binding, address, "bootstrap");
    };
    const std::vector<Text> targets = binding.options.texts("target");
    if (targets.empty())
        reject(binding.options.where("target"), "rule \"bootstrap\" needs a target");
    RulePart summands{.name = "target"};
    summands.slots.push_back(signal(targets.front()));
    SlotId target = summands.slots.front();
    for (std::size_t k = 1; k < targets.size(); ++k) {
        const std::string name = k + 1 == targets.size() ? "target" : "target" + std::to_string(k);
        summands.slots.push_back(signal(targets[k]));
        target = program.sum(target, summands.slots.back(), binding.signal_name(name));
    }
    const SlotId prediction = signal(binding.options.text("prediction"));
    const SlotId error = program.difference(prediction, target, binding.signal_name("error"));
    const Rate rate = binding.rate();
    for (const SynapseSetId set : binding.synapses) {
        const SlotId carried_before = program.previous(program.presynaptic(set));
        program.hebb(program.strength(set), error, carried_before, 1.0, -rate.value);
    }
    return {.rate = rate,
            .slots = {summands, {"prediction", {prediction}, binding.options.where("prediction")}}};
}

}  // namespace

const LearningRule bootstrap = {
    "bootstrap", "change_il = - rate * (prediction_i - target_i) * presynaptic_l, of last step",
    keys, emit};

}  // namespace apical

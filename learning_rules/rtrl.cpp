#include "learning_rules/recurrence.hpp"
#include "learning_rules/rules.hpp"

namespace apical {

namespace {

constexpr Key keys[] = {learning_rate, credit_key, leave_out_alpha_key};

// Real-time recurrent learning (Williams & Zipser 1989; Eq. 2 of Marschall, Cho & Savin 2019):
//   M_kij <- sum_l J_kl M_lij + alpha delta_ki phi'(v_i) r^_j(t-1),  G_ij = sum_k c_k M_kij
RuleParts emit(ProgramBuilder& program, const Binding& binding) {
    const Recurrence r = recurrence_of(program, binding, "rtrl");
    const SlotId jacobian = jacobian_of(program, binding, r);
    const Rate rate = binding.rate();
    for (const SynapseSetId set : binding.synapses) {
        const SlotId influence = program.tensor(set, "influence");
        const SlotId gradient = program.tag(set, "gradient", {}, "G");
        program.contract(influence, jacobian, r.slope, program.presynaptic(set), r.immediate);
        program.contract_credit(gradient, influence, r.credit);
        program.consolidate(program.strength(set), {}, gradient, -rate.value);
    }
    return {.rate = rate, .credit = r.credit};
}

}  // namespace

const LearningRule rtrl = {
    "rtrl",
    "influence_kij <- sum_l J_kl influence_lij + alpha delta_ki slope_i * presynaptic_j; change_ij "
    "= - rate * sum_k credit_k * influence_kij",
    keys, emit, Facing::past};

}  // namespace apical

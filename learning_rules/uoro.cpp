#include "learning_rules/rank_one.hpp"
#include "learning_rules/rules.hpp"

namespace apical {

namespace {

// Unbiased online recurrent optimization (Tallec & Ollivier 2018; Table 1 of Marschall, Cho & Savin
// 2019): M_kij ~ A_k B_ij,
//   A <- rho0 J A + rho1 nu,  B_ij <- B_ij / rho0 + nu_i alpha phi'(v_i) r^_j(t-1) / rho1,
//   G_ij = (sum_k c_k A_k) B_ij
RuleParts emit(ProgramBuilder& program, const Binding& binding) {
    const Recurrence r = recurrence_of(program, binding, "uoro");
    RuleParts parts = parts_of_rank_one(binding, r);
    const SlotId A = program.state(r.cells, binding.signal_name("A"), start_of(binding, "A"));
    const std::vector<SlotId> B = tags_of(program, binding, "B", start_of(binding, "B"));
    const SlotId nu =
        program.noise(r.cells, binding.signal_name("nu"), {.replay = replay_of(binding)});
    program.multiply_from_left(A, jacobian_of(program, binding, r));
    const SlotId P = program.product(nu, r.slope, binding.signal_name("P"), r.immediate);
    const std::vector<SlotId> pre = presynaptic_of(program, binding);
    const Factors rho = factors_of(program, binding, {B, {A}, {P}, {nu}, pre});
    const Factors inverse = inverses_of(program, binding, rho);
    program.set_mixture(A, rho.rho0, A, rho.rho1, nu);
    const SlotId credit = program.inner(r.credit, A, binding.signal_name("credit_of_A"));
    for (std::size_t k = 0; k < B.size(); ++k) {
        program.hebb_kept(B[k], P, pre[k], inverse.rho0, inverse.rho1);
        program.consolidate(program.strength(binding.synapses[k]), credit, B[k],
                            -parts.rate->value);
    }
    return parts;
}

}  // namespace

const LearningRule uoro = {
    "uoro",
    "A <- rho0 J A + rho1 nu; B_ij <- B_ij / rho0 + nu_i alpha slope_i * presynaptic_j / rho1; "
    "change_ij = - rate * (sum_k credit_k A_k) B_ij",
    rank_one_keys, emit, Facing::past};

}  // namespace apical

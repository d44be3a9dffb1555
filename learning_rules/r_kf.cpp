#include <fmt/format.h>

#include "learning_rules/rank_one.hpp"
#include "learning_rules/rules.hpp"

namespace apical {

namespace {

// Reverse KF-RTRL (Table 1 of Marschall, Cho & Savin 2019): M_kij ~ A_i B_kj,
//   A <- rho0 A + rho1 nu,  B_kj <- sum_l J_kl B_lj / rho0 + nu_k alpha phi'(v_k) r^_j(t-1) / rho1,
//   G_ij = A_i sum_k c_k B_kj
RuleParts emit(ProgramBuilder& program, const Binding& binding) {
    const Recurrence r = recurrence_of(program, binding, "r_kf");
    RuleParts parts = parts_of_rank_one(binding, r);
    const Circuit& circuit = program.circuit();
    const SlotId A = program.state(r.cells, binding.signal_name("A"), start_of(binding, "A"));
    const std::vector<SlotId> B = tags_of(program, binding, "B", start_of(binding, "B"));
    const SlotId nu =
        program.noise(r.cells, binding.signal_name("nu"), {.replay = replay_of(binding)});
    const SlotId jacobian = jacobian_of(program, binding, r);
    for (const SlotId part : B) program.multiply_from_left(part, jacobian);
    const SlotId P = program.product(nu, r.slope, binding.signal_name("P"), r.immediate);
    const std::vector<SlotId> pre = presynaptic_of(program, binding);
    const Factors rho = factors_of(program, binding, {B, {A}, {P}, {nu}, pre});
    const Factors inverse = inverses_of(program, binding, rho);
    program.set_mixture(A, rho.rho0, A, rho.rho1, nu);
    for (std::size_t k = 0; k < B.size(); ++k) {
        program.hebb_kept(B[k], P, pre[k], inverse.rho0, inverse.rho1);
        const std::string& set = circuit[binding.synapses[k]].name;
        const SlotId credit = program.transposed(
            B[k], r.credit, binding.signal_name(fmt::format("credit_of_B({})", set)));
        program.hebb(program.strength(binding.synapses[k]), A, credit, 1.0, -parts.rate->value);
    }
    return parts;
}

}  // namespace

const LearningRule r_kf = {
    "r_kf",
    "A <- rho0 A + rho1 nu; B <- J B / rho0 + nu_k alpha slope_k * presynaptic_j / rho1; change_ij "
    "= - rate * A_i sum_k credit_k B_kj",
    rank_one_keys, emit, Facing::past};

}  // namespace apical

#include <fmt/format.h>

#include "learning_rules/rank_one.hpp"
#include "learning_rules/rules.hpp"

namespace apical {

namespace {

// A_j, one number for each presynaptic cell: its part of a row that all sets share.
std::vector<SlotId> row_of_A(ProgramBuilder& program, const Binding& binding) {
    const Circuit& circuit = program.circuit();
    std::vector<SlotId> row;
    std::vector<Initializer> parts = parts_of(circuit, binding, start_of(binding, "A"));
    for (std::size_t k = 0; k < parts.size(); ++k) {
        const SynapseSet& set = circuit[binding.synapses[k]];
        parts[k].transpose = parts[k].kind == Initializer::Kind::file;
        row.push_back(
            program.state(set.pre, binding.signal_name(fmt::format("A({})", set.name)), parts[k]));
    }
    return row;
}

// Kronecker-factored RTRL (Mujika, Meier & Steger 2018; Table 1 of Marschall, Cho & Savin 2019):
// M_kij ~ A_j B_ki,
//   A <- nu0 rho0 A + nu1 rho1 r^(t-1),  B <- nu0 / rho0 J B + nu1 / rho1 alpha diag(phi'),
//   G_ij = A_j sum_k c_k B_ki
RuleParts emit(ProgramBuilder& program, const Binding& binding) {
    const Recurrence r = recurrence_of(program, binding, "kf_rtrl");
    RuleParts parts = parts_of_rank_one(binding, r);
    const auto name = [&](std::string_view quantity) { return binding.signal_name(quantity); };
    const std::vector<SlotId> A = row_of_A(program, binding);
    const SlotId B = program.pairs(r.cells, name("B"), start_of(binding, "B"));
    const SlotId nu0 = program.noise({}, name("nu0"), {.replay = replay_of(binding, 0, 2)}),
                 nu1 = program.noise({}, name("nu1"), {.replay = replay_of(binding, 1, 2)});
    program.multiply_from_left(B, jacobian_of(program, binding, r));
    const SlotId D = program.scaled(r.slope, r.immediate, name("D"));
    const std::vector<SlotId> pre = presynaptic_of(program, binding);
    const Factors rho = factors_of(program, binding, {{B}, A, {D}, pre});
    const SlotId keep_A = program.times(nu0, rho.rho0, name("nu0_rho0")),
                 scale_A = program.times(nu1, rho.rho1, name("nu1_rho1")),
                 keep_B = program.quotient(nu0, rho.rho0, name("nu0_over_rho0")),
                 scale_B = program.quotient(nu1, rho.rho1, name("nu1_over_rho1"));
    program.assign_diagonal(B, keep_B, scale_B, D);
    const SlotId teaching = program.transposed(B, r.credit, name("teaching"));
    for (std::size_t k = 0; k < A.size(); ++k) {
        program.set_mixture(A[k], keep_A, A[k], scale_A, pre[k]);
        program.hebb(program.strength(binding.synapses[k]), teaching, A[k], 1.0,
                     -parts.rate->value);
    }
    return parts;
}

}  // namespace

const LearningRule kf_rtrl = {
    "kf_rtrl",
    "A <- nu0 rho0 A + nu1 rho1 presynaptic; B <- nu0 / rho0 J B + nu1 / rho1 alpha diag(slope); "
    "change_ij = - rate * A_j sum_k credit_k B_ki",
    rank_one_keys, emit, Facing::past};

}  // namespace apical

#include "learning_rules/credit_sweep.hpp"
#include "learning_rules/rules.hpp"

namespace apical {

namespace {

constexpr Key keys[] = {learning_rate, credit_key, leave_out_alpha_key, window_key};

// Backpropagation through time, facing the future, in a window of T steps that slides. The credit
// of step s = t - T + 1 is complete in step t and applied then:
//   c(s) = sum_{t'=s}^{s+T-1} c(t') J(t') ... J(s+1),  G_ij = alpha c_i(s) phi'_i(s) r^_j(s-1)
// Each c(t') goes back through the window in its own step t', so its Jacobians have the strengths
// of step t' and the slopes of theirs.
RuleParts emit(ProgramBuilder& program, const Binding& binding) {
    const Recurrence r = recurrence_of(program, binding, "bptt");
    CreditSweep sweep(program, binding, r);
    const int oldest = sweep.window() - 1;
    sweep.take_credit(0);
    for (int lag = 0; lag < oldest; ++lag) {
        sweep.carry_back(lag);
        sweep.add_to_credit(lag + 1);
    }
    sweep.take_credit(oldest);
    const SlotId teaching = sweep.teaching(oldest, r.immediate);
    const Rate rate = binding.rate();
    for (const SynapseSetId set : binding.synapses) {
        program.hebb(program.strength(set), teaching, sweep.presynaptic(set, oldest), 1.0,
                     -rate.value);
    }
    return {.rate = rate, .credit = r.credit, .window = sweep.window()};
}

}  // namespace

const LearningRule bptt = {
    "bptt",
    "credit carried back through the last `window` steps, one step applied in each step; change_ij "
    "= - rate * alpha * c_i * slope_i * presynaptic_j, of `window` - 1 steps ago",
    keys, emit, Facing::future_late};

}  // namespace apical

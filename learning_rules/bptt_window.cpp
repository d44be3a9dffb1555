#include "learning_rules/credit_sweep.hpp"
#include "learning_rules/rules.hpp"

namespace apical {

namespace {

constexpr Key keys[] = {learning_rate, credit_key, leave_out_alpha_key, window_key};

// Backpropagation through time in windows of T steps that do not overlap. When a window is full,
// from its newest step to its oldest:
//   G += alpha (c phi'(s)) r^(s-1),  c <- c(s-1) + c J(s)
// The Jacobians have the slopes of then and the strengths of now.
RuleParts emit(ProgramBuilder& program, const Binding& binding) {
    const Recurrence r = recurrence_of(program, binding, "bptt_window");
    CreditSweep sweep(program, binding, r);
    program.every(sweep.window());
    sweep.take_credit(0);
    for (int lag = 0; lag < sweep.window(); ++lag) {
        const SlotId teaching = sweep.teaching(lag, r.immediate);
        for (const SynapseSetId set : binding.synapses) {
            program.hebb(program.tag(set, "gradient", {}, "G"), teaching,
                         sweep.presynaptic(set, lag), lag == 0 ? 0.0 : 1.0, 1.0);
        }
        if (lag + 1 == sweep.window()) break;
        sweep.carry_back(lag);
        sweep.add_credit(lag + 1);
    }
    const Rate rate = binding.rate();
    for (const SynapseSetId set : binding.synapses) {
        program.consolidate(program.strength(set), {}, program.tag(set, "gradient", {}, "G"),
                            -rate.value);
    }
    return {.rate = rate, .credit = r.credit, .window = sweep.window()};
}

}  // namespace

const LearningRule bptt_window = {
    "bptt_window",
    "credit carried back through `window` steps, every `window` steps; change_ij = - rate * sum "
    "over the window of alpha * c_i * slope_i * presynaptic_j",
    keys, emit, Facing::past_window};

}  // namespace apical

#include "learning_rules/rules.hpp"

namespace apical {

namespace {

constexpr Key keys[] = {learning_rate, credit_key};

// G_ij = alpha u_i phi'(v_i) r_j(t-1), the gradient of DNI and DNI(b) once u stands for the credit.
RuleParts emit(ProgramBuilder& program, const Binding& binding) {
    const Circuit& circuit = program.circuit();
    const PopulationId post = postsynaptic(program, binding, "dendritic");
    check_drives_soma(circuit, binding, "dendritic");
    const SlotId credit =
        postsynaptic_signal(program, binding, binding.options.text("credit"), "dendritic");
    const SlotId slope = program.slope(circuit.soma(post));
    const SlotId teaching = program.product(credit, slope, binding.signal_name("teaching"));
    const Rate rate = binding.rate();
    const double gain = -rate.value * circuit[post].alpha;
    for (const SynapseSetId set : binding.synapses) {
        program.hebb(program.strength(set), teaching, program.presynaptic(set), 1.0, gain);
    }
    return {.rate = rate, .credit = credit};
}

}  // namespace

const LearningRule dendritic = {"dendritic",
                                "change_ij = - rate * alpha * credit_i * slope_i * presynaptic_j",
                                keys, emit, Facing::future};

}  // namespace apical

#include "learning_rules/rules.hpp"

namespace apical {

namespace {

constexpr Key keys[] = {learning_rate, credit_key};

// RFLO (Murray 2019; Table 1 of Marschall, Cho & Savin 2019), alpha of the postsynaptic cells:
//   B_ij <- (1 - alpha) B_ij + alpha phi'(v_i) r_j(t-1),  W_ij <- W_ij - rate c_i B_ij
RuleParts emit(ProgramBuilder& program, const Binding& binding) {
    const Circuit& circuit = program.circuit();
    const PopulationId post = postsynaptic(program, binding, "eligibility");
    check_drives_soma(circuit, binding, "eligibility");
    const SlotId credit =
        postsynaptic_signal(program, binding, binding.options.text("credit"), "eligibility");
    const SlotId slope = program.slope(circuit.soma(post));
    const double alpha = circuit[post].alpha;
    const Rate rate = binding.rate();
    for (const SynapseSetId set : binding.synapses) {
        const SlotId trace = program.tag(set, "eligibility", {}, "B");
        program.hebb(trace, slope, program.presynaptic(set), 1.0 - alpha, alpha);
        program.consolidate(program.strength(set), credit, trace, -rate.value);
    }
    return {.rate = rate, .credit = credit};
}

}  // namespace

const LearningRule eligibility = {"eligibility",
                                  "trace_ij <- (1 - alpha) trace_ij + alpha slope_i * "
                                  "presynaptic_j; change_ij = - rate * credit_i * trace_ij",
                                  keys, emit, Facing::past};

}  // namespace apical

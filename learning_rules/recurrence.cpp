#include "learning_rules/recurrence.hpp"

#include <fmt/format.h>

namespace apical {

namespace {

SynapseSetId recurrent_set(const ProgramBuilder& program, const Binding& binding,
                           PopulationId cells, std::string_view rule) {
    const Circuit& circuit = program.circuit();
    const std::string& name = circuit[cells].name;
    SynapseSetId found;
    for (const Transmission& use : circuit.transmissions) {
        if (use.target != circuit.soma(cells) || is_set_from_outside(circuit[use.source].role))
            continue;
        const bool recurrent =
            use.source == cells && use.own && use.delay == 1 && !use.source_voltage;
        if (recurrent && !found) {
            found = use.set;
            continue;
        }
        reject(use.where,
               fmt::format("rule \"{}\" needs cells that are driven by one recurrent set of delay "
                           "1 and by rates from outside alone; \"{}\" drives \"{}.soma\" too, and "
                           "the Jacobian would leave it out",
                           rule, circuit[use.set].name, name));
    }
    if (found) return found;
    reject(binding.options.where("synapses"),
           fmt::format("rule \"{}\" needs a recurrent synapse set from \"{}\" to \"{}.soma\", with "
                       "delay = 1; there is none",
                       rule, name, name));
}

// Cells that are driven in two phases fire twice a step, so that r(t) follows r(t-1) in two steps.
void check_one_phase(const Circuit& circuit, PopulationId cells, SynapseSetId recurrent,
                     std::string_view rule) {
    const PhaseId phase = circuit.own_use(recurrent)->phase;
    for (const Transmission& use : circuit.transmissions) {
        if (use.target != circuit.soma(cells) || use.phase == phase) continue;
        reject(use.where,
               fmt::format("rule \"{}\" needs cells that fire once a step; \"{}\" drives \"{}\" in "
                           "phase \"{}\", but \"{}\" in phase \"{}\"",
                           rule, circuit[use.set].name, circuit.full_name(use.target),
                           circuit[use.phase].name, circuit[recurrent].name, circuit[phase].name));
    }
}

}  // namespace

Recurrence recurrence_of(ProgramBuilder& program, const Binding& binding, std::string_view rule) {
    const Circuit& circuit = program.circuit();
    Recurrence found;
    found.cells = postsynaptic(program, binding, rule);
    check_drives_soma(circuit, binding, rule);
    const SynapseSetId recurrent = recurrent_set(program, binding, found.cells, rule);
    check_one_phase(circuit, found.cells, recurrent, rule);
    const CompartmentId soma = circuit.soma(found.cells);
    if (circuit[soma].tau_ms > 0.0) {
        reject(circuit[soma].where,
               fmt::format("rule \"{}\" needs a soma that follows its drive at once; \"{}\" has "
                           "tau_ms = {}, which the Jacobian would leave out",
                           rule, circuit.full_name(soma), circuit[soma].tau_ms));
    }
    found.strength = program.strength(recurrent);
    found.credit = postsynaptic_signal(program, binding, binding.options.text("credit"), rule);
    found.slope = program.slope(soma);
    found.alpha = circuit[found.cells].alpha;
    found.immediate = binding.options.boolean("leave_out_alpha") ? 1.0 : found.alpha;
    return found;
}

SlotId jacobian_of(ProgramBuilder& program, const Binding& binding, const Recurrence& recurrence) {
    const SlotId jacobian = program.pairs(recurrence.cells, binding.signal_name("jacobian", "J"));
    program.assign_jacobian(jacobian, recurrence.strength, recurrence.slope, recurrence.alpha);
    return jacobian;
}

}  // namespace apical

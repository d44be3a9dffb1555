#include "learning_rules/recurrence.hpp"

#include <fmt/format.h>

#include "circuits/anatomy/recurrent_network.hpp"

namespace apical {

namespace {

// The set that the Jacobian is taken of. Throws Error{bad_model} when the cells hear more than it
// and rates from outside.
SynapseSetId recurrent_set(const ProgramBuilder& program, const Binding& binding,
                           PopulationId cells, std::string_view rule) {
    const Circuit& circuit = program.circuit();
    const std::string& name = circuit[cells].name;
    const SomaticDrive drive = drive_of(circuit, cells);
    for (const SynapseUse* use : drive.rest) {
        if (is_set_from_outside(circuit[use->source].role)) continue;
        reject(use->where,
               fmt::format("rule \"{}\" needs cells that are driven by one recurrent set of delay "
                           "1 and by rates from outside alone; \"{}\" drives \"{}.soma\" too, and "
                           "the Jacobian would leave it out",
                           rule, circuit[use->set].name, name));
    }
    if (drive.recurrent) return drive.recurrent;
    reject(binding.options.where("synapses"),
           fmt::format("rule \"{}\" needs a recurrent synapse set from \"{}\" to \"{}.soma\", with "
                       "delay = 1; there is none",
                       rule, name, name));
}

}  // namespace

Recurrence recurrence_of(ProgramBuilder& program, const Binding& binding, std::string_view rule) {
    const Circuit& circuit = program.circuit();
    Recurrence found;
    found.cells = postsynaptic(program, binding, rule);
    check_drives_soma(circuit, binding, rule);
    const SynapseSetId recurrent = recurrent_set(program, binding, found.cells, rule);
    check_fires_once(circuit, found.cells, recurrent, fmt::format("rule \"{}\"", rule));
    const CompartmentId soma = circuit.soma(found.cells);
    check_follows_at_once(
        circuit, found.cells,
        fmt::format("rule \"{}\" needs a soma that follows its drive at once", rule),
        ", which the Jacobian would leave out");
    check_one_alpha(circuit, found.cells, fmt::format("rule \"{}\"", rule));
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

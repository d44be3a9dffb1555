#include "learning_rules/lowering/requirements.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace apical {

namespace {

void check_alone_on_compartment(ProgramBuilder& program, const Binding& binding,
                                const TextRule& rule) {
    const Circuit& circuit = program.circuit();
    const SynapseSetId first = binding.synapses.front();
    program.presynaptic(first);  // rejects a set without a use of its own
    const CompartmentId forecast = circuit.own_use(first)->target;
    for (const Transmission& use : circuit.transmissions) {
        const bool ours = use.own && std::find(binding.synapses.begin(), binding.synapses.end(),
                                               use.set) != binding.synapses.end();
        if (ours == (use.target == forecast)) continue;
        reject(binding.options.where("synapses"),
               fmt::format("rule \"{}\" needs a compartment that its sets alone drive, "
                           "as their prediction; \"{}\" goes to \"{}\"",
                           rule.name, circuit[use.set].name, circuit.full_name(use.target)));
    }
}

void check_ends_on_output(const ProgramBuilder& program, const Binding& binding,
                          const TextRule& rule) {
    const Circuit& circuit = program.circuit();
    const PopulationId post = postsynaptic(program, binding, rule.name);
    const PopulationId error = circuit.find_role(Role::error);
    if (error && circuit[error].same_cells_as == post) return;
    reject(binding.options.where("synapses"),
           fmt::format("rule \"{}\" needs synapse sets that end on the output, and a "
                       "population with role \"error\"; "
                       "\"{}\" ends on \"{}\"{}",
                       rule.name, circuit[binding.synapses.front()].name, circuit[post].name,
                       error ? "" : ", and no population has that role"));
}

}  // namespace

void check_requirements(ProgramBuilder& program, const Binding& binding, const TextRule& rule) {
    for (const Requirement need : rule.needs) {
        switch (need) {
            case Requirement::drives_the_soma:
                check_drives_soma(program.circuit(), binding, rule.name);
                break;
            case Requirement::alone_on_its_compartment:
                check_alone_on_compartment(program, binding, rule);
                break;
            case Requirement::ends_on_the_output:
                check_ends_on_output(program, binding, rule);
                break;
        }
    }
}

}  // namespace apical

// Values at the end of last step, of which nothing is kept for a step more.
#include <fmt/format.h>

#include "learning_rules/lowering/names_in_circuit.hpp"

namespace apical {

SlotId NamesInCircuit::last_step_of(const Expression& e, SlotId of) {
    const Slot& slot = program_.so_far()[of];
    if (slot.what != What::previous) return program_.previous(of);
    const std::string name = to_text(e.of[0]);
    reject_here(e,
                fmt::format("\"{}\" is of two steps ago, since \"{}\" is \"{}\" here; nothing is "
                            "kept for two steps; expected {}",
                            to_text(e), name, slot.name, name));
}

// The slot that held, at the end of last step, what the set carried in it.
SlotId NamesInCircuit::carried_last_step(const Expression& e) {
    program_.check_own_use(set_);
    const SynapseUse& use = *circuit_.own_use(set_, program_.phase());
    const PhaseId made = program_.made_anew(set_, program_.phase(), {});
    if (!made) return program_.carried(use);
    const std::string& source = circuit_[use.source].name;
    reject_here(e,
                fmt::format("\"{}\" is what \"{}\" carried last step in phase \"{}\", but \"{}\" "
                            "makes it anew in phase \"{}\"; expected a signal of pre cells, "
                            "bound to \"{}\" or to what [dynamics.*] holds",
                            to_text(e), circuit_[set_].name, circuit_[use.phase].name, source,
                            circuit_[made].name, previous_address(rate_address(source))));
}

}  // namespace apical

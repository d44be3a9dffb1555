#pragma once

#include <vector>

#include "learning_rules/lowering/names_in_circuit.hpp"

namespace apical {

// What a rule in text asks of its binding. Throws Rejected at the key "synapses" when the sets are
// not as the rule requires them.
void check_requirements(ProgramBuilder& program, const Binding& binding, const TextRule& rule);

// Gives the signals of a rule the slots of their addresses, in the order of their declaration, and
// binds their names. Returns them as parts of the rule, a list's summands one by one. Throws
// Rejected for an address that is none, or one of other cells than the signal's.
std::vector<RulePart> bind_signals(ProgramBuilder& program, const Binding& binding,
                                   const TextRule& rule, NamesInCircuit& names);

}  // namespace apical

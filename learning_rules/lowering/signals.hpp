#pragma once

#include <vector>

#include "learning_rules/lowering/names_in_circuit.hpp"

namespace apical {

// Gives the signals of a rule the slots of their addresses, in the order of their declaration, and
// binds their names. Returns them as parts of the rule, a list's summands one by one.
std::vector<RulePart> bind_signals(ProgramBuilder& program, const Binding& binding,
                                   const TextRule& rule, NamesInCircuit& names);

}  // namespace apical

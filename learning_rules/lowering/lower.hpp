#pragma once

#include "learning_rules/text_rule.hpp"

namespace apical {

// Checks what can be said of a rule's text before it is bound to a circuit: names that are unknown,
// twice assigned or read too late, places, units, functions and their arguments. Throws Rejected
// with all mistakes, each at its line and column.
void check_equations(const TextRule& rule);

// Appends the operations of a rule to a program in the order of its statements. They are cellwise
// ones and, at synapses, hebb, hebb_kept and consolidate. The parts that it returns are the
// parameter "rate", the signal "credit", the slots of other signals by their names, all parameters
// as constants and, of a rule whose sets must be alone on their compartment, as "predicted" the
// rate of the cells.
// Throws Rejected for what the sets of the binding cannot do, and for equations that come to no
// operation there is.
RuleParts lower(ProgramBuilder& program, const Binding& binding, const TextRule& rule);

}  // namespace apical

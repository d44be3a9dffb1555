#pragma once

#include "learning_rules/text_rule.hpp"

namespace apical {

// What can be said of a rule's text before it is bound to a circuit: names that are unknown, twice
// assigned or read too late, places, units, functions and their arguments. Throws Rejected with all
// mistakes, each at its line and column.
void check_equations(const TextRule& rule);

// Appends the operations of a rule to a program, in the order in which it is written, in words of
// today's vocabulary: cellwise ones, hebb and consolidate. What it came to is in the parts: the
// parameter "rate", the signal "credit", the other signals' slots by their names, all parameters as
// constants, and as "predicted" the rate of the cells whose compartment the sets must be alone on.
// Throws Rejected for what the sets of the binding cannot do, and for equations that come to no
// operation there is.
RuleParts lower(ProgramBuilder& program, const Binding& binding, const TextRule& rule);

}  // namespace apical

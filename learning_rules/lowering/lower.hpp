#pragma once

#include <string>
#include <utility>
#include <vector>

#include "learning_rules/text_rule.hpp"

namespace apical {

// Checks what can be said of a rule's text before it is bound to a circuit: names that are unknown,
// twice assigned or read too late, places, units, functions and their arguments. Throws Rejected
// with all mistakes, each at its line and column.
void check_equations(const TextRule& rule);

// Appends the operations of a rule to a program, in the order in which it is written. In cells: the
// cellwise words, and a formula of what they do not say; one number for all: a formula, and inner
// of a sum over cells; gather of a sum over each cell's synapses; at synapses: hebb and consolidate
// of what is one of them, else a formula of what mixes places (synaptic), whose parts at one place
// are made before; of pairs of cells: a hebb for each outer product, and multiply of dot. What it
// came to is in the parts: the parameter "rate", the signal "credit", the other signals' slots by
// their names, all parameters as constants, and as "predicted" the rate of the cells whose
// compartment the sets must be alone on. Throws Rejected for what the sets of the binding cannot
// do, and for equations that pass the limits of a formula.
RuleParts lower(ProgramBuilder& program, const Binding& binding, const TextRule& rule);

// Appends the operations of a rule of cells, whose binding has cells and no sets: in cells, and
// for one number for all, as `lower`; what is added to a voltage is a sum or formula with it.
// `known` are numbers of the cells that signals of the rule stand for, by their names.
void lower_in_cells(ProgramBuilder& program, const Binding& binding, const TextRule& rule,
                    const std::vector<std::pair<std::string, SlotId>>& known = {});

}  // namespace apical

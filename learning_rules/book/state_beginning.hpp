#pragma once

#include "learning_rules/text_rule.hpp"

namespace apical {

// Throws Rejected unless numbers at the state's place can begin with its `init`: only those at
// synapses and of pairs of cells are a matrix.
void check_beginning(const StateDeclaration& state);

// Reads how a state is drawn from the table that declares it. Throws Rejected when numbers there
// are not drawn, or are kept as well.
void read_draw(const Table& table, StateDeclaration& state);

}  // namespace apical

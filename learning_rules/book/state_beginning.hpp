#pragma once

#include "learning_rules/text_rule.hpp"

namespace apical {

// Throws Rejected unless numbers at the state's place can begin with its `init`: only those at
// synapses and of pairs of cells are a matrix.
void check_beginning(const StateDeclaration& state);

}  // namespace apical

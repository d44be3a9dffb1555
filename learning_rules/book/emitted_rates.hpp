#pragma once

#include <vector>

#include "learning_rules/book/dynamics_table.hpp"

namespace apical {

// What gates say that cells fire through them (the key "emits"), as equations inside the cells, one
// for each phase in which a dendrite alone drives them: "apical_emits = ...".
std::vector<CellDynamics> emitted_rates(const Circuit& circuit);

}  // namespace apical

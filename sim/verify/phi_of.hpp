#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "sim/algebra/network.hpp"
#include "sim/engine/state.hpp"

namespace apical {

// The cells' activation as equations in text know it; nothing of softmax, which is of all cells,
// and where each cell has numbers of its own. The circuit must outlive it.
std::optional<algebra::Activation> phi_of(const Circuit& circuit, const Population& cells);

// The activation of each cell, with its numbers in the text, which is one of `texts` and must
// outlive it; none where all cells fire by one.
std::vector<algebra::Activation> phi_of_cells(const Circuit& circuit, PopulationId cells,
                                              const State& state, std::deque<Expression>& texts);

}  // namespace apical

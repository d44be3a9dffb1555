#pragma once

#include <vector>

#include "sim/algebra/network.hpp"
#include "sim/engine/state.hpp"
#include "sim/model/model.hpp"

namespace apical {

// All potentials of coupled cells `ms` after those of a state, by compartment, n x 1 each: the
// linear system u' = -A u + b of each cell, by the cells' solver. Compartments that conductances do
// not lead keep their voltages.
std::vector<algebra::Matrix> led_by_equations(const Model& model, PopulationId cells, double ms,
                                              const State& state);

}  // namespace apical

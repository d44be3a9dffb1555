#pragma once

#include "sim/model/model.hpp"

namespace apical {

// What `verify` computes beside a circuit is computed as matrices of all pairs of cells, also where
// the circuit has few synapses and stores them by rows. Throws Error{bad_model} at the largest set,
// before any memory is taken, when this machine has none for them.
void check_whole_matrices(const Model& model);

}  // namespace apical

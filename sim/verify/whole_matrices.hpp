#pragma once

#include "sim/model/model.hpp"

namespace apical {

// What `verify` computes beside a circuit takes several numbers a synapse: of sets that are stored
// by rows, and of rules in text alone, by rows; else as matrices of all pairs of cells. Throws
// Error{bad_model} at the largest set, before any memory is taken, when this machine has none for
// them.
void check_whole_matrices(const Model& model, bool has_texts_alone);

}  // namespace apical

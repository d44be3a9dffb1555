#pragma once

#include "circuits/program/program.hpp"

namespace apical {

// A Hebbian change or a consolidation as an operation of kind `synaptic`: the same numbers, with
// the same bits, by a formula. One of kind `synaptic` as it is.
Operation written_as_formula(const Operation& operation, const Program& program);

}  // namespace apical

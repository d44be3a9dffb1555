#pragma once

#include "circuits/program/formula.hpp"
#include "sim/engine/kernels/formula_call.hpp"

namespace apical {

// What the kernels call a node; a number and an operand are copied.
FormulaCall call_of(Node node);

}  // namespace apical

#pragma once

#include <optional>
#include <span>
#include <vector>

#include "sim/engine/kernels/kernels.hpp"

namespace apical {

// The operands by which steps read a matrix, each at its first number: who sets them lets the steps
// read another one that lies in the same way. None when a step has the matrix in another place than
// an operand of its own, as in a pass or a formula, or writes it.
std::optional<std::vector<const double**>> matrix_operands(std::span<Step> steps,
                                                           std::span<const double> matrix);

}  // namespace apical

#pragma once

#include "circuits/program/formula.hpp"

namespace apical {

// The derivative of a sound formula by x, its operand in place 0, node by node: sums, products,
// quotients, powers, the chain rule. Where a formula has a corner or a jump it is that of the side
// whose value the formula takes: of min, max and select that of the operand that is chosen, of
// `rectified` 0 at 0; of `sign` and `step` it is 0. The derivative of log(1 + exp(u)) is
// logistic(u) u', a number also where exp(u) is none.
// It is sound unless it is too long (check_formula).
Formula derivative(const Formula& formula);

}  // namespace apical

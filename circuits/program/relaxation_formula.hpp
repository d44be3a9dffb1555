#pragma once

#include "circuits/program/formula.hpp"
#include "circuits/program/operation.hpp"

namespace apical {

// Whether an operation `relax` is performed by its formula: by conductances, or by a time constant
// of each cell.
bool relaxes_by_formula(const Operation& relax);

// The formula of such an operation, over the places of its operands. Conductances g, with their
// gates (1 where there is none), have G = leak + sum of g: a voltage u goes to b = (sum of g v) /
// G, steady at once, else in h = `ms` by
//   exact  b + exp(-G h) (u - b)                    the solution of u' = -leak u + sum of g (v - u)
//   euler  u + h (sum of g v - G u)                 no number where h G > 2, of `stays_between`
//   cable  the sum of the parts that are left of u and of others (circuits/program/cable.hpp)
// and of a time constant tau it goes to the drive I by I + exp(-h / tau) (v - I), or has I added:
// exp(-h / tau) v + I.
Formula relaxation_formula(const Operation& relax, const std::vector<bool>& of_cells = {});

}  // namespace apical

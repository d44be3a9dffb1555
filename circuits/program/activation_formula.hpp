#pragma once

#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/formula.hpp"
#include "circuits/program/operation.hpp"

namespace apical {

// What a written activation makes of the voltage x, and its slope, as formulas that read x in place
// 0, and from place 1 on the numbers of each cell that it has; a slope that is the same everywhere
// reads nothing.
struct ActivationFormulas {
    Formula value, slope;
};

// Throws Rejected, at the place in the text, for what no formula has: an unknown function, another
// number of arguments, a power that is none of -8 to 8 and 0.5, a constant that is no finite
// number, a slope that is too long.
ActivationFormulas formulas_of(const WrittenActivation& activation);

// The first operand of an operation `fire` behind what drives it, of which there are as many as the
// activation's formula reads numbers of each cell.
std::size_t first_number_of(const Operation& fire);
// Whether an operation `fire` has each cell's own alpha, as its last operand.
bool has_own_alpha(const Operation& fire);
// Whether it is performed by its formula: of a written activation, or by each cell's own alpha.
bool fires_by_formula(const Operation& fire);

// The formula of such an operation, whole, over the places of its operands: retain r + gain phi(v +
// gate u), or of each cell's own alpha r + alpha (phi(v + gate u) - r). `of_cells` says by place
// which gates cells make, one number for each.
Formula firing_formula(const Operation& fire, const std::vector<bool>& of_cells = {});

}  // namespace apical

#pragma once

#include <vector>

#include "circuits/program/formula.hpp"
#include "sim/audit/sizes.hpp"

namespace apical {

// What a formula's operands are, by their place in the operation.
struct FormulaOperands {
    std::vector<Size> sizes;
    std::vector<Interval> bounds;
    std::vector<bool> is_own;  // the result's own last value
    SlotId written;
    Counted counted;
};

// The size of the logarithm of a number from `least` to the size `most`; without limit when it may
// be 0.
double logarithm_of(double least, double most);

// How large the value of a sound formula is. Its own last value counts by what of it is kept: of
// a x + y with |a| < 1 the sum of all that stays, |y| / (1 - |a|), with |a| > 1 without limit; else
// it grows without bound, but for what bounds the value whatever it is made of, as `clip` does.
Size size_of_formula(const Formula& formula, const FormulaOperands& operands);

}  // namespace apical

#pragma once

#include <vector>

#include "circuits/program/formula.hpp"
#include "sim/audit/bounds.hpp"

namespace apical {

// Between which values each node of a formula is, if its operands (by their place in the operation)
// are within these, by the rules of interval arithmetic; up to rounding. They hold for what is a
// number: sqrt(-1) is none. A factor that stands twice in a product is a square, which is never
// negative. The formula is sound (check_formula).
std::vector<Interval> bounds_of_nodes(const Formula& formula,
                                      const std::vector<Interval>& operands);

// Bounds of the last node, the formula's value.
Interval bounds_of(const Formula& formula, const std::vector<Interval>& operands);

// How much of its operands at these places (by place, whether) a formula keeps at least: a of
// a x + y, through bounds that are numbers too; 0 where that is no constant.
double kept_share(const Formula& formula, const std::vector<bool>& of);

}  // namespace apical

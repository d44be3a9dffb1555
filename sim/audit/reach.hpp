#pragma once

#include <vector>

#include "circuits/program/program.hpp"
#include "sim/audit/bounds.hpp"
#include "sim/audit/sizes.hpp"

namespace apical {

// How far a formula takes a number of a synapse from what it was. Its value is k x + y, x the
// number's own last value: `keep` bounds k, `rest` bounds y, and `gain` is how large y is by the
// sizes of what it is made of, which is the largest constant that it is multiplied by where those
// are sizes by constants alone.
struct Reach {
    bool own = false;  // whether x is in it; `keep` is 0 where not
    Interval keep = {}, rest = {};
    Size gain = {};
};

// What an operand is, by its place in the operation.
struct ReachOperand {
    bool own = false;      // is what the formula changes
    Interval bounds = {};  // of `own`: within which it is before, whatever wrote it
    Size size = {};
};

// The reach of a sound formula (check_formula). What has x in it is treated so:
//
//     a + b, a - b                                 keeps and rests are added
//     a b, a / b, b without x                      are multiplied by b
//     a clipped by constants, rectified            as of a, if x is within these bounds: such a
//                                                  projection makes no change larger
//     min, max, select of others                   what spans both
//     what is one number whatever x is             keeps nothing
//     |a|                                          keeps as of both signs
//     tanh, sign, step, logistic                   keeps nothing and adds 1 at most
//
// Nothing is known where x is in more than one factor, under a fraction or in a power, exp, log or
// sqrt: k and the gain are anything. Sums count by `counted`, as in sim/audit/sizes.hpp.
Reach reach_of(const Formula& formula, const std::vector<ReachOperand>& operands, Counted counted);

// Reach of an operation whose change of a matrix is a formula; `start` is what the matrix is within
// before the first step (low above high: not known), `sizes` of its operands, by place.
Reach reach_of(const Program& program, const Operation& op, const Bounds& bounds,
               const Interval& start, const std::vector<Size>& sizes, Counted counted);

// Within which all operations that write the slot leave it, whatever it was: formulas that clip it.
// The existing synapses of a set that lacks some.
// Without bounds where one of them is no formula; low above high where nothing writes it.
Interval left_within(const Program& program, const Bounds& bounds, SlotId slot);

// The share of another operand than the result in the formula of an operation: k of k x + y, x the
// number in the slot.
Interval share_in(const Operation& op, SlotId slot, const Bounds& bounds);

}  // namespace apical

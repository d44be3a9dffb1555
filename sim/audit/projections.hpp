#pragma once

#include <optional>

#include "circuits/program/program.hpp"
#include "sim/audit/bounds.hpp"

namespace apical {

// What a formula that changes a matrix brings it within when it is nothing but that: x cut off at
// constants (clip, min, max, rectified), and no other part. Unset of any other operation. Found by
// the operation's formula, whoever asked for it.
std::optional<Interval> projection_of(const Operation& op);

// Whether an operation only takes back of a matrix what a step's other changes have led outside of
// constant bounds. It is a projection, all projections of the matrix are onto the same bounds, and
// each other change is followed by one before it comes again. Then it moves no number further than
// these changes did, since every step begins within the bounds, as a run does
// (sim/simulation/start_bounds.hpp).
bool takes_back_alone(const Program& program, const Operation& op);

// Within which the projections of a program keep a slot at the end of every phase; anything when
// some change is not followed, in its phase and as often, by a projection.
Interval kept_within(const Program& program, SlotId slot);

}  // namespace apical

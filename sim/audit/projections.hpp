#pragma once

#include <optional>

#include "circuits/program/program.hpp"
#include "sim/audit/bounds.hpp"

namespace apical {

// What a matrix is brought within: constant bounds, and 0 where a synapse does not exist.
struct Projection {
    Interval within;
    SlotId places;  // unset when all exist

    bool operator==(const Projection& other) const;
};

// What a formula that changes a matrix does when it is nothing but a projection: x cut off at
// constants (clip, min, max, rectified), or 0 by the places with which the set began, and no other
// part. Unset of any other operation. Found by the operation's formula, whoever asked for it.
std::optional<Projection> projection_of(const Program& program, const Operation& op);

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

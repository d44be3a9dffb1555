#pragma once

#include <limits>
#include <vector>

#include "circuits/program/operation.hpp"
#include "sim/audit/bounds.hpp"

namespace apical {

inline constexpr Interval any_drive = {-std::numeric_limits<double>::infinity(),
                                       std::numeric_limits<double>::infinity()};

// The bounds of what a written activation reads.
inline std::vector<Interval> any_of_all(const Formula& phi) { return {places_of(phi), any_drive}; }

// Whether what a `fire` makes of its drive has a bound, whatever the drive.
bool saturates(const Operation& fire);

}  // namespace apical

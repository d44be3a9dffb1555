#pragma once

#include <limits>

#include "circuits/program/operation.hpp"
#include "sim/audit/bounds.hpp"

namespace apical {

inline constexpr Interval any_drive = {-std::numeric_limits<double>::infinity(),
                                       std::numeric_limits<double>::infinity()};

// Whether what a `fire` makes of its drive has a bound, whatever the drive.
bool saturates(const Operation& fire);

}  // namespace apical

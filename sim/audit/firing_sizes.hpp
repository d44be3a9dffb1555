#pragma once

#include "sim/audit/sizes.hpp"

namespace apical {

// Whether what a `fire` makes of its drive has a bound, whatever the drive.
bool saturates(const Operation& fire);

// The size of what a written activation makes of a drive, the smallest of what is known of it: its
// bounds; |phi(0)| and the drive times the steepest slope of one that has no jump; the size of its
// formula. Of a sum of constants the larger one is counted, as everywhere. `rate` is what grows
// where nothing bounds it.
// `of` has the sizes of what the formula reads: the drive, then numbers of each cell.
Size size_of_fired(const Formula& phi, std::vector<Size> of, SlotId rate, Counted counted);

}  // namespace apical

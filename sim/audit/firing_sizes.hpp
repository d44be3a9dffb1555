#pragma once

#include "sim/audit/sizes.hpp"

namespace apical {

// The size of what a written activation makes of a drive, the smallest of what is known of it: its
// bounds; |phi(0)| and the drive times the steepest slope of one that has no jump; the size of its
// formula. The larger one of a sum of constants is counted, as everywhere. `rate` is what grows
// where nothing bounds it.
// `of` has the sizes of what the formula reads: the drive, then numbers of each cell.
Size size_of_fired(const Formula& phi, std::vector<Size> of, SlotId rate, Counted counted);

}  // namespace apical

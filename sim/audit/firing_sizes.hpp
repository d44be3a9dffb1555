#pragma once

#include "sim/audit/sizes.hpp"

namespace apical {

// The size of what a written activation makes of a drive, the smallest of what is known of it: its
// bounds; |phi(0)| and the drive times the steepest slope of one that has no jump; the size of its
// formula. The larger one of a sum of constants is counted, as everywhere. `rate` is what grows
// where nothing bounds it.
Size size_of_fired(const Formula& phi, const Size& drive, SlotId rate, Counted counted);

}  // namespace apical

#pragma once

#include "circuits/program/program.hpp"

namespace apical {

// What is left of a value of last step when it is read, of one that [hold.*] says loses something:
// 1 of others. What is lost is taken from the listing, as what is drawn is.
double kept_by_hold(const Program& program, SlotId now);

}  // namespace apical

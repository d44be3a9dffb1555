#pragma once

#include "circuits/program/program.hpp"

namespace apical {

// Whether the numbers of a slot are spikes, 0 or 1: rates that operations `fire spike` alone write,
// or what such a rate was at another time.
bool are_spikes(const Program& program, SlotId slot);

// Whether an operation transmits spikes through a matrix: it is performed column by column, of the
// cells that fired. The program alone decides it, so that the order of a sum stays what it is
// however many fire.
bool transmits_spikes(const Program& program, const Operation& op);

}  // namespace apical

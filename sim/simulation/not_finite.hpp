#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/state.hpp"

namespace apical {

// A number that is infinite or none: an entry of a slot, row by row, and the operation that wrote
// or read it; null when none did.
struct NotFinite {
    const Operation* operation = nullptr;
    SlotId slot = {};
    std::ptrdiff_t entry = 0;
};

// The first entry of a slot that is not finite, or -1.
std::ptrdiff_t first_not_finite(const State& state, SlotId slot);

// The sentence about it, found in a step: phase, address, entry, who asked for the operation and by
// which statement of equations, and why (sim/simulation/divergence.hpp).
std::string text_of(const State& state, std::int64_t step, const NotFinite& bad);

// Throws Error{numerical_failure} that names the first operation of the program whose result is not
// finite, when a number of any slot is not: also at synapses, where a number shows in no voltage
// until it is transmitted. What a plan has deferred must be flushed before.
void check_finite(const State& state, const Kernels& kernels, std::int64_t step);

}  // namespace apical

#pragma once

#include "circuits/anatomy/circuit.hpp"
#include "sim/engine/state.hpp"

namespace apical {

// Holds the strengths of each set to its bounds (Circuit::strength_range) at the start, whether
// anything changes them or not, and what equations keep within constant bounds (clip, min, max of
// the whole: the formula whose result it is) to these, as the first change would move it there at
// once, by whatever it takes. Throws Error{bad_model} at the key `init`, with the count of numbers
// that begin outside. What a file has as each cell's alpha or time constant is held to what these
// can be, likewise.
void check_starts(const Circuit& circuit, const State& state);

}  // namespace apical

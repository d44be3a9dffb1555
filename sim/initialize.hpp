#pragma once

#include <cstdint>
#include <string>

#include "circuits/circuit.hpp"
#include "sim/state.hpp"

namespace apical {

// Writes the initial strengths of all synapse sets, what rules keep, and the initial rates of all
// populations into the state, each from the stream "init/<address>", as in "init/W_rec" and
// "init/hidden.r".
// Paths are relative to `directory`. Throws Error{bad_model} when a dataset's shape does not fit.
void initialize(State& state, const Circuit& circuit, std::uint32_t seed,
                const std::string& directory);

}  // namespace apical

#pragma once

#include <cstdint>
#include <string>

#include "circuits/circuit.hpp"
#include "sim/state.hpp"

namespace apical {

// Writes the initial strengths of all synapse sets and the initial rates of all populations into
// the state, each set from the stream "init/<set>", each population from "init/<population>.r".
// Paths are relative to `directory`. Throws Error{bad_model} when a dataset's shape does not fit.
void initialize(State& state, const Circuit& circuit, std::uint32_t seed,
                const std::string& directory);

}  // namespace apical

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "sim/engine/state.hpp"
#include "sim/hdf5/data_folder.hpp"
#include "sim/hdf5/data_source.hpp"
#include "sim/numbers/named_stream.hpp"

namespace apical {

// Writes the initial strengths of all synapse sets, what rules keep, and the initial rates of all
// populations into the state, each from the stream "init/<address>", as in "init/W_rec" and
// "init/hidden.r".
// Paths are relative to `directory`. Returns the datasets that it read. Throws Error{bad_model}
// when a dataset's shape does not fit.
std::vector<DataSource> initialize(State& state, const Circuit& circuit, std::uint32_t seed,
                                   const DataFolder& directory);

// Returns the datasets that `initialize` would read, without a state. Throws as it does.
std::vector<DataSource> initial_data(const Program& program, const Circuit& circuit,
                                     const DataFolder& directory);

// The streams that `initialize` draws from. What begins as a copy has that of its original.
std::vector<NamedStream> initial_streams(const Program& program, const Circuit& circuit);

}  // namespace apical

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "circuits/program/program.hpp"
#include "sim/hdf5/data_folder.hpp"

namespace apical {

// The initial strengths that sim/engine/initialize.hpp writes into a state, set by set.

// The set that a chain of copies begins with; the set itself when it copies none. Throws
// Error{bad_model} when the chain is a circle or the sizes differ.
const SynapseSet& origin_of(const Circuit& circuit, const SynapseSet& set);

// The strengths that a set starts with, post x pre, row-major. Throws as `initialize` does.
std::vector<double> initial_strengths(const Circuit& circuit, const SynapseSet& set,
                                      std::uint32_t seed, const DataFolder& directory);

// Throws as `initialize` does, and draws nothing.
void check_initial_values(const Program& program, const Circuit& circuit,
                          const DataFolder& directory);

}  // namespace apical

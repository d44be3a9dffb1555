#pragma once

#include <string_view>
#include <vector>

#include "sim/algebra/network.hpp"
#include "sim/engine/state.hpp"

namespace apical {

// The numbers of a slot, rows x columns; of a per-cell slot a single column.
algebra::Matrix numbers_of(const State& state, SlotId slot);
// The numbers that a slot keeps: of a matrix stored by rows one column, by synapse; else as
// `numbers_of`.
algebra::Matrix kept_numbers_of(const State& state, SlotId slot);
// Numbers of a slot by its name, as in "hidden.r"; the program must have it.
algebra::Matrix numbers_of(const State& state, std::string_view name);
// 1 where a synapse of the set exists, else 0; empty where all exist, and where nothing changes a
// set that is stored as a matrix.
algebra::Matrix existing_synapses(const State& state, SynapseSetId set);
// Several slots, at least one, of as many rows beside each other.
algebra::Matrix beside(const State& state, const std::vector<SlotId>& slots);

}  // namespace apical

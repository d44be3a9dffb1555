#pragma once

#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "sim/run_file/stored_run.hpp"

namespace apical {

// Sets that inhibit: their bounds leave no strength above 0 (Circuit::strength_range), or in no row
// of the run file is a strength above 0, and some are below. A set
// whose strengths were not recorded, or of some cells only, counts as it starts
// (inhibitory_at_start).
std::vector<SynapseSetId> inhibitory_sets(const StoredRun& run, const Circuit& circuit);

}  // namespace apical

#pragma once

#include <string>
#include <vector>

#include "sim/show/export/chosen_spikes.hpp"

namespace apical {

inline constexpr char spikes_file[] = "spikes.h5";

// A spike file of SONATA: /spikes/POPULATION with timestamps (ms) and node_ids, sorted by time.
// Throws Error{cannot_create_output}.
void write_spikes(const StoredRun& run, const std::vector<ChosenSpikes>& populations,
                  const std::string& path);

}  // namespace apical

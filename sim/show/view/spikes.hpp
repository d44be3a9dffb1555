#pragma once

#include "circuits/text/value.hpp"
#include "sim/run_file/stored_run.hpp"
#include "sim/show/view/packed.hpp"

namespace apical {

inline constexpr std::uint64_t words_of_spike = 3;

// The spikes of each population, as a page has them: the first and the last where there is no room
// for all. Times are in steps, as the page's axes are.
Array shown_spikes(const StoredRun& run, double step_ms, std::uint64_t room, Packed& numbers);

}  // namespace apical

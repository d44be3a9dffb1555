#pragma once

#include <cstdint>

#include "circuits/text/value.hpp"
#include "sim/run_file/stored_run.hpp"
#include "sim/show/view/packed.hpp"

namespace apical {

inline constexpr std::uint64_t words_of_event = 5;

// The events of a run as page.js reads them: all, or as many of the first and of the last as fit
// into `room` words of `numbers`. A step takes `step_ms`.
Table shown_events(const StoredRun& run, double step_ms, std::uint64_t room, Packed& numbers);

}  // namespace apical

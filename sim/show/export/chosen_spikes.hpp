#pragma once

#include <string>

#include "sim/run_file/ranges.hpp"

namespace apical {

// Spikes of one population in a window of steps: rows [first, end) of the run file.
struct ChosenSpikes {
    const StoredSpikes* of = nullptr;
    std::uint64_t first = 0, end = 0;

    std::uint64_t count() const { return end - first; }
};

// How many are read at once.
inline constexpr std::uint64_t spikes_at_once = 1 << 16;

// The spikes that an address ("rec.spikes") or path ("/spikes/rec") names; null of any other.
const StoredSpikes* spikes_named(const StoredRun& run, const std::string& address);

ChosenSpikes spikes_in(const StoredRun& run, const StoredSpikes& spikes, const StepRange& steps);

}  // namespace apical

#include "sim/show/export/chosen_spikes.hpp"

#include <algorithm>

#include "sim/run_file/spike_layout.hpp"

namespace apical {

const StoredSpikes* spikes_named(const StoredRun& run, const std::string& address) {
    for (const StoredSpikes& one : run.spikes()) {
        if (address == spikes_address(one.population) || address == one.path) return &one;
    }
    return nullptr;
}

ChosenSpikes spikes_in(const StoredRun& run, const StoredSpikes& spikes, const StepRange& steps) {
    const std::uint64_t first = run.first_spike(spikes, steps.first - 1);
    return {&spikes, first, std::max(first, run.first_spike(spikes, steps.last))};
}

}  // namespace apical

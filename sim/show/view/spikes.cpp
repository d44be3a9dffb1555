#include "sim/show/view/spikes.hpp"

#include <algorithm>

namespace apical {

Array shown_spikes(const StoredRun& run, double step_ms, std::uint64_t room, Packed& numbers) {
    Array all;
    if (!(step_ms > 0.0)) return all;
    const auto whole = [](std::uint64_t number) { return static_cast<std::int64_t>(number); };
    for (const StoredSpikes& one : run.spikes()) {
        const std::uint64_t share = room / run.spikes().size() / words_of_spike,
                            here = std::min(one.rows, share),
                            first = here == one.rows ? here : here - here / 2;
        std::vector<double> times;
        std::vector<float> cells;
        const auto take = [&](std::uint64_t from, std::uint64_t count) {
            for (const Spike& spike : run.read_spikes(one, from, count)) {
                times.push_back(spike.time_ms / step_ms);
                cells.push_back(static_cast<float>(spike.cell));
            }
        };
        if (first > 0) take(0, first);
        if (here > first) take(one.rows - (here - first), here - first);
        all.push_back(
            value_of(Table{{entry("population", one.population), entry("cells", one.cells),
                            entry("count", whole(one.rows)), entry("here", whole(here)),
                            entry("first", whole(first)), entry("times", numbers.add(times)),
                            entry("which", numbers.add(cells))}}));
    }
    return all;
}

}  // namespace apical

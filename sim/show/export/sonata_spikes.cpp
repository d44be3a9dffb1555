#include "sim/show/export/sonata_spikes.hpp"

#include <algorithm>

#include "sim/run_file/format.hpp"
#include "sim/show/export/sonata_file.hpp"

namespace apical {

namespace {

void write_population(const StoredRun& run, const ChosenSpikes& spikes, SonataFile& file) {
    const std::string& name = spikes.of->population;
    const std::string times = run_path::timestamps_of(name), ids = run_path::node_ids_of(name);
    file.add_numbers(times, spikes.count());
    file.add_whole_numbers(ids, spikes.count());
    for (std::uint64_t row = spikes.first; row < spikes.end; row += spikes_at_once) {
        std::vector<double> when;
        std::vector<std::uint64_t> which;
        const std::uint64_t count = std::min(spikes_at_once, spikes.end - row);
        for (const Spike& one : run.read_spikes(*spikes.of, row, count)) {
            when.push_back(one.time_ms);
            which.push_back(static_cast<std::uint64_t>(one.cell));
        }
        file.write_numbers(times, row - spikes.first, when);
        file.write_numbers(ids, row - spikes.first, which);
    }
    file.set_attribute(times, "units", std::string("ms"));
    // libsonata reads an enumeration, BMTK takes what it does not know as unsorted.
    file.set_choice(spikes.of->path, "sorting", {"none", "by_id", "by_time"}, 2);
}

}  // namespace

void write_spikes(const StoredRun& run, const std::vector<ChosenSpikes>& populations,
                  const std::string& path) {
    SonataFile file(path);
    for (const ChosenSpikes& one : populations) write_population(run, one, file);
    file.close();
}

}  // namespace apical

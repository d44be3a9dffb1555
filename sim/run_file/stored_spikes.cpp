// The spikes in a run file; sim/run_file/spike_recorder.cpp is the writing side.
#include <fmt/format.h>

#include <algorithm>

#include "circuits/text/error.hpp"
#include "sim/run_file/format.hpp"
#include "sim/run_file/stored_datasets.hpp"
#include "sim/run_file/stored_run.hpp"

namespace apical {

namespace {

// How many rows all datasets of a population have.
std::uint64_t count_of_spikes(const H5::H5File& file, const std::string& population) {
    std::uint64_t rows = UINT64_MAX;
    for (const std::string& path :
         {run_path::timestamps_of(population), run_path::node_ids_of(population),
          run_path::spike_steps_of(population)})
        rows = std::min<std::uint64_t>(rows, extent_of(open_own(file, path)).front());
    return rows;
}

std::int64_t cells_that_may_fire(const H5::DataSet& ids) {
    std::int64_t cells = 0;
    if (!ids.attrExists(dataset_attribute::cells)) return cells;
    const H5::Attribute attribute = ids.openAttribute(dataset_attribute::cells);
    const bool is_one = attribute.getTypeClass() == H5T_INTEGER &&
                        attribute.getSpace().getSimpleExtentNpoints() == 1;
    if (is_one) attribute.read(H5::PredType::NATIVE_INT64, &cells);
    return cells;
}

}  // namespace

void StoredDatasets::see_spikes() {
    if (!file.nameExists(run_path::spikes)) return;
    const H5::Group group = file.openGroup(run_path::spikes);
    for (hsize_t k = 0; k < group.getNumObjs(); ++k) {
        StoredSpikes one;
        one.population = on_one_line(group.getObjnameByIdx(k));
        one.path = fmt::format("{}/{}", run_path::spikes, one.population);
        one.rows = count_of_spikes(file, one.population);
        const std::string ids = run_path::node_ids_of(one.population);
        one.cells = cells_that_may_fire(open_own(file, ids));
        for (const std::string& name : {run_path::timestamps_of(one.population), ids,
                                        run_path::spike_steps_of(one.population)}) {
            const H5::DataSet set = open_own(file, name);
            check_rank(set, name, 1);
            check_size(set, name, {}, one.rows);
        }
        spikes.push_back(std::move(one));
    }
}

std::vector<Spike> StoredDatasets::read_spikes(const StoredSpikes& of, std::uint64_t first,
                                               std::uint64_t count) const {
    std::vector<double> times(count);
    std::vector<std::int64_t> cells(count), steps_of(count);
    const auto read = [&](const std::string& name, const H5::PredType& type, void* to) {
        read_block(open_own(file, name), type, {first}, {count}, to);
    };
    read(run_path::timestamps_of(of.population), H5::PredType::NATIVE_DOUBLE, times.data());
    read(run_path::node_ids_of(of.population), H5::PredType::NATIVE_INT64, cells.data());
    read(run_path::spike_steps_of(of.population), H5::PredType::NATIVE_INT64, steps_of.data());
    constexpr std::int64_t most = std::int64_t{1} << 53;
    std::vector<Spike> found(count);
    for (std::size_t k = 0; k < count; ++k) {
        found[k] = {steps_of[k], times[k], cells[k]};
        if (steps_of[k] < 0 || steps_of[k] > most || cells[k] < 0 || cells[k] >= of.cells)
            reject(fmt::format("is damaged: \"{}\" has a spike of cell {} in step {}", of.path,
                               cells[k], steps_of[k]));
    }
    return found;
}

const StoredSpikes* StoredRun::find_spikes(std::string_view population) const {
    for (const StoredSpikes& one : spikes()) {
        if (one.population == population) return &one;
    }
    return nullptr;
}

std::uint64_t StoredRun::first_spike(const StoredSpikes& of, std::int64_t after_step) const {
    std::uint64_t low = 0, high = of.rows;
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        if (read_spikes(of, middle, 1).front().step > after_step)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

}  // namespace apical

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/hdf5/hdf5_reading.hpp"
#include "sim/run_file/spike.hpp"
#include "sim/run_file/stored_quantity.hpp"

namespace apical {

// For sim/run_file/stored_run.cpp: what is in a run file, found when it is opened. What a file says
// of itself is checked before it is believed, for a damaged one may say anything. StoredRun holds
// hdf5_mutex() around all of it.
struct StoredDatasets {
    // Throws as the constructor of StoredRun.
    explicit StoredDatasets(const std::string& path);

    std::string path;
    bool is_being_written;
    H5::H5File file;
    std::vector<std::string> phases, iterations;
    std::vector<StoredAxis> axes;
    std::vector<StoredQuantity> quantities;
    std::vector<H5::DataSet> sets;   // of the quantities
    std::vector<H5::DataSet> steps;  // of the axes
    std::vector<double> phase_end_ms;
    std::uint64_t events = 0;
    std::vector<StoredSpikes> spikes;

    // Rows of an axis. Throws Error{bad_model} for a step that no run has, so that sums and
    // differences of steps have room, and H5::Exception.
    std::vector<std::int64_t> read_steps(std::size_t axis, std::uint64_t first,
                                         std::uint64_t count) const;
    // The postsynaptic and the presynaptic cell of each synapse. Throws Error{bad_model} when
    // nothing says which these are, or when there are no such cells, and H5::Exception.
    std::pair<std::vector<std::int64_t>, std::vector<std::int64_t>> cells_of_synapses(
        const H5::DataSet& set, const StoredQuantity& quantity) const;

    // Rows of a population's spikes. Throws Error{bad_model} for a step that no run has or a cell
    // that there is not, and H5::Exception.
    std::vector<Spike> read_spikes(const StoredSpikes& of, std::uint64_t first,
                                   std::uint64_t count) const;

private:
    void check_format() const;
    void find_all();
    void find_names();
    void add(const H5::DataSet& set, const std::string& name, const std::string& address,
             std::size_t axis);
    std::vector<std::size_t> chosen_cells(const H5::DataSet& set, std::size_t dimension,
                                          std::size_t size) const;
    std::vector<std::string> read_phases(const H5::DataSet& set, const char* name) const;
    void read_synapses(const H5::DataSet& set, StoredQuantity& quantity) const;
    std::vector<std::int64_t> cells_in(const std::string& name, std::size_t size) const;
    void read_phase_ends();
    void see_rows();
    void see_events();
    void see_spikes();
    void check_size(const H5::DataSet& set, const std::string& name,
                    const std::vector<std::size_t>& row, std::uint64_t rows) const;
    void check_rank(const H5::DataSet& set, const std::string& name, std::size_t rank) const;
    [[noreturn]] void reject(const std::string& why) const;
};

}  // namespace apical

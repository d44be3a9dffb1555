#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace apical {

// A recorded quantity as a run file describes it.
struct StoredQuantity {
    std::string address;  // "hidden.apical.v"
    std::string path;     // "/state/hidden/apical/voltage"
    std::string units, long_name, symbol;
    std::vector<std::size_t> row;  // shape of one row: [phases,] then cells, or post x pre
    bool by_phase = false;         // the first dimension of a row is the phase
    std::size_t axis = 0;          // into StoredRun::axes()
    std::uint64_t rows = 0;        // readable when the file was opened
    std::size_t dataset = 0;       // for the reader of the file
    // The cells of the entries, for each dimension of `row`; empty: all, in order.
    std::vector<std::vector<std::size_t>> chosen = {};
    bool by_iteration = false;  // the first dimension of a row is that of StoredRun::iterations
    // The places in a row of the numbers of what has one for each synapse and is read as a matrix
    // all the same, with no number where no synapse is. Empty: `row` is as it is stored.
    std::vector<std::size_t> synapses = {};
    // What has one number for each synapse joins so many cells; with more pairs than are read as a
    // matrix it has no `synapses`, and StoredRun::read_synapses says which cells each joins.
    std::size_t post_cells = 0, pre_cells = 0;

    std::size_t row_numbers() const;  // product of `row`
    // The shape of a row as the file has it, and the product of that.
    std::vector<std::size_t> stored_row() const {
        return synapses.empty() ? row : std::vector{synapses.size()};
    }
    std::size_t stored_numbers() const {
        return synapses.empty() ? row_numbers() : synapses.size();
    }
};

// Steps in which some quantities were sampled.
struct StoredAxis {
    std::string name;  // "coarse+beginning"
    std::uint64_t rows = 0;
    std::int64_t first = 0, last = 0;  // steps; 0 when there is no row
    std::uint64_t start_rows = 0;      // Rows at the beginning, 0 or 1, of before the first step:
                                       // of step 0, or the one that a branch begins after.
};

}  // namespace apical

#pragma once

#include <cstddef>
#include <vector>

#include "sim/tasks/data_file.hpp"
#include "sim/tasks/splits.hpp"

namespace apical {

// Rows of the inputs that follow each other, as a trial.
struct FileTrial {
    std::size_t first = 0, steps = 0;
    int type = 0;
};

// Trials of as many rows each, one behind the other.
std::vector<FileTrial> equal_trials(std::size_t trials, std::size_t steps);

// The trials that the key `trials` says, of `rows` rows: a column of a table whose cell is the same
// in all rows of a trial, or a group with the datasets `first`, counted from 0, and `steps`. Throws
// Error{bad_model}.
std::vector<FileTrial> stated_trials(const Section& task, const DataFile& file, std::size_t rows);

// The types that the key `type` says: a column, which is the same in all rows of a trial, or a
// dataset with a number for each.
void take_types(std::vector<FileTrial>& trials, const Section& task, const DataFile& file);

// The splits that the key `split` says: a column with "train", "validation" or "test", the same in
// all rows of a trial, a dataset with 0, 1 or 2 for each, or shares.
Splits splits_of(const std::vector<FileTrial>& trials, const Section& task, const DataFile& file,
                 const RunStreams& streams);

}  // namespace apical

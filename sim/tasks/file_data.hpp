#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/hdf5/data_folder.hpp"
#include "sim/hdf5/data_source.hpp"
#include "sim/hdf5/dataset.hpp"
#include "sim/tasks/file_trials.hpp"
#include "sim/tasks/splits.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

// Rows of numbers, one behind the other.
struct FileRows {
    std::vector<double> numbers;
    std::size_t width = 0;

    std::size_t count() const { return numbers.size() / width; }
    std::span<const double> row(std::size_t t) const {
        return std::span(numbers).subspan(t * width, width);
    }
};

// What [task] kind = "file" names in a file of HDF5, CSV or numpy.
struct FileData {
    FileRows x;
    std::optional<FileRows> y;      // unset: no labels are shown
    bool labels_trials = false;     // y has a row for each trial, and not for each row of x
    std::int64_t classes = 0;       // y is one number of a class, of so many; 0: it is the label
    std::vector<FileTrial> trials;  // none: steps follow each other without an end
    Splits splits{{}};
    std::vector<DataSource> sources;

    // The row of y that labels step `t` of a trial.
    std::size_t label_row(std::size_t trial, std::size_t t) const {
        return labels_trials ? trial : trials[trial].first + t;
    }
    // The class that the row of y says.
    int class_of(std::size_t row) const { return static_cast<int>(y->row(row)[0]); }
};

// Throws Error{no_such_input}, Error{bad_model}.
FileData read_file_data(const Section& task, const RunStreams& streams, const DataFolder& folder,
                        Labels labels);

}  // namespace apical

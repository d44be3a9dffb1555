#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/data/csv.hpp"
#include "sim/hdf5/data_folder.hpp"
#include "sim/hdf5/dataset.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

// The file that `path` of a task names: of numpy when it ends in .npz or .npy, a table when it ends
// in .csv, else of HDF5.
class DataFile {
public:
    // Reads a table. Throws as CsvFile.
    DataFile(const Section& task, const DataFolder& folder);

    bool is_table() const { return table_.has_value(); }
    const CsvFile& table() const { return *table_; }
    const std::string& path() const { return path_; }
    bool is_readable() const;

    // The datasets or columns that a key names, or of its own name where it is left out: the
    // resolved model then states it.
    std::vector<std::string> names_of(const Section& task, std::string_view key) const;
    // Throws Error{no_such_input}, Error{bad_model} naming `where`, also for numbers that are not
    // finite.
    DataSet read(const std::vector<std::string>& names, const Where& where) const;

private:
    DataSet read_dataset_of(const std::string& name, const Where& where) const;

    std::string path_, folder_;
    ReadingTrial trial_;
    std::optional<CsvFile> table_;
};

}  // namespace apical

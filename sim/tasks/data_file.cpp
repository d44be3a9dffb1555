#include "sim/tasks/data_file.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "sim/data/npz.hpp"

namespace apical {

DataFile::DataFile(const Section& task, const DataFolder& folder)
    : path_(folder.path_of(task.text("path").text)), folder_(folder.path), trial_(folder.trial) {
    if (path_.ends_with(".csv")) table_ = CsvFile::read(path_, task.where("path"));
}

bool DataFile::is_readable() const {
    std::error_code failure;
    return std::filesystem::is_regular_file(path_, failure) && std::ifstream(path_).good();
}

std::vector<std::string> DataFile::names_of(const Section& task, std::string_view key) const {
    if (!task.has(key)) task.set(key, std::string(key));
    std::vector<std::string> names;
    for (const Text& one : task.texts(key)) names.push_back(one.text);
    if (names.empty() || (names.size() > 1 && !is_table()))
        reject(task.where(key),
               fmt::format("task.{} names {} datasets; expected one, or columns of "
                           "a .csv file",
                           key, names.size()));
    return names;
}

DataSet DataFile::read_dataset_of(const std::string& name, const Where& where) const {
    if (path_.ends_with(".npz")) return read_npz(path_, name, where);
    if (path_.ends_with(".npy")) {
        const bool is_file = name.ends_with(".npy");
        return read_npz(is_file ? DataFolder(folder_).path_of(name) : path_, "", where);
    }
    return read_dataset(path_, name, where, trial_);
}

DataSet DataFile::read(const std::vector<std::string>& names, const Where& where) const {
    if (table_) return table_->numbers(names, where);
    DataSet data = read_dataset_of(names.front(), where);
    require_finite(data, path_, names.front(), where);
    return data;
}

}  // namespace apical

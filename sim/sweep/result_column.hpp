#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/hdf5/new_dataset.hpp"

namespace apical {

// A dataset with its numbers, or its texts.
struct Column {
    NewDataset dataset;
    std::uint64_t rows;
    std::vector<char> bytes;
    std::vector<std::string> texts = {};
};

Column column_of(const std::string& path, const std::vector<double>& numbers,
                 const std::string& description);
Column column_of(const std::string& path, const std::vector<std::int64_t>& numbers,
                 const std::string& description);
Column column_of(const std::string& path, const std::vector<std::string>& texts,
                 const std::string& description);

}  // namespace apical

#pragma once

#include <H5Cpp.h>

#include <optional>
#include <string>
#include <vector>

namespace apical {

// For the files that read HDF5 (sim/hdf5_file.cpp, sim/inspect/stored_run.cpp).

// A file that is being written, or that was when its run was killed, opens only as one that has a
// writer. Nothing when it is no HDF5 file, or damaged.
std::optional<H5::H5File> open_for_reading(const std::string& path);

// Without a slash in front: "state/hidden/rate".
std::vector<std::string> names_of_datasets(H5::H5File& file);

}  // namespace apical

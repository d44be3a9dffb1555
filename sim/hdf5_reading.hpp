#pragma once

#include <H5Cpp.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace apical {

// For the files that read HDF5 (sim/hdf5_file.cpp, sim/inspect/stored_*.cpp).

// A file that is being written, or that was when its run was killed, opens only as one that has a
// writer. Nothing when it is no HDF5 file, or damaged.
std::optional<H5::H5File> open_for_reading(const std::string& path);

// Without a slash in front: "state/hidden/rate".
std::vector<std::string> names_of_datasets(H5::H5File& file);

// An attribute; empty when there is none, or none that is one text.
std::string text_of(const H5::H5Object& object, const std::string& attribute);

std::vector<hsize_t> extent_of(const H5::DataSet& set);

// How many of its entries the file of this path has room for: a dataset states its size, and a
// damaged one any. A filter of HDF5 packs at most about a thousandfold. Throws H5::Exception.
std::uint64_t room_for(const H5::DataSet& set, const std::string& path);
// Whether the product of an extent's sizes is at most so large, a size of 0 taken for 1; also where
// it overflows.
bool is_at_most(std::uint64_t most, const std::vector<hsize_t>& extent);

// Entries [first, first + count) of each dimension.
void read_block(const H5::DataSet& set, const H5::DataType& type, const std::vector<hsize_t>& first,
                const std::vector<hsize_t>& count, void* to);

}  // namespace apical

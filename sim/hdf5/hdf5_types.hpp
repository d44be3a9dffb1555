#pragma once

#include <H5Cpp.h>

#include <cstddef>

#include "sim/hdf5/new_dataset.hpp"

namespace apical {

// Types of HDF5, the same in a file and in memory. Callers hold hdf5_mutex().

// Texts in UTF-8 of `size` bytes that fill up with zeros, or of any length (H5T_VARIABLE).
H5::StrType text_type(std::size_t size);

H5::CompType type_of(const RecordType& record);

}  // namespace apical

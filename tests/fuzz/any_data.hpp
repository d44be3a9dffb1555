#pragma once

#include <H5Cpp.h>

#include <cstdint>
#include <vector>

#include "tests/fuzz/edits.hpp"

namespace apical {

// A type of HDF5 that a fuzzer's bytes choose: numbers, texts, compounds, lists and others.
H5::DataType type_by(Choices& choices);

// Sizes of up to four dimensions; small ones of at most six entries each.
std::vector<hsize_t> extent_by(Choices& choices, bool small);

// A space of that extent, its first dimension `unlimited` or not; without dimensions a scalar or
// nothing.
H5::DataSpace space_by(Choices& choices, std::vector<hsize_t> extent, bool unlimited);

// Bytes for so many entries, of one kind throughout or counting up.
std::vector<std::uint8_t> numbers_by(Choices& choices, const H5::DataType& type, std::size_t count);

}  // namespace apical

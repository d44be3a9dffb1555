#pragma once

#include <cstdint>

#include "circuits/program/program.hpp"
#include "sim/run_file/run_layout.hpp"

namespace apical {

// Decides how many rows each axis gathers in memory, which matrices are too large for that, and
// the chunks of all datasets. All gathered rows together are at most 64 MB, or twice that when a
// thread writes beside the run.
void choose_sizes(RunLayout& layout, const Program& program);

// The largest size of the file in bytes, when the sizes of its datasets are decided. `attributes`
// are those of the root.
std::uint64_t bytes_of(const RunLayout& layout, const Attributes& attributes);

// Bytes of one row of the dataset.
std::size_t row_bytes(const NewDataset& dataset);

}  // namespace apical

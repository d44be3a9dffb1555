#pragma once

#include <vector>

#include "sim/hdf5/growing_file.hpp"
#include "sim/sweep/result_column.hpp"

namespace apical {

// Gives each dimension of a result's columns a scale in the group of its dataset, so that xarray
// opens each group. New columns come before what refers to them.
void add_scales(std::vector<Column>& columns);
// When all are added to the file: the jobs' scale once more in each other group that has rows of
// jobs.
void link_jobs(GrowingFile& file, const std::vector<Column>& columns);

}  // namespace apical

#pragma once

#include <cstdint>
#include <iosfwd>

#include "sim/show/export/csv_request.hpp"

namespace apical {

// A header, then a row for each phase of each step in which any of what is asked for was sampled
// (only for the last phase when none of it is sampled by phase): step, phase, then the numbers,
// written so that they read back the same. What is sampled once a step stands in the last phase's
// row; what was not sampled there is left empty. Spikes are a table of their own: a row for each.
// Returns the number of rows, without the header.
// Throws Error{usage} for a window without rows and for cells that a quantity does not have,
// Error{bad_model} for an address that was not recorded, Error{input_output_error} when `to` takes
// no more.
std::uint64_t write_csv(const StoredRun& run, const CsvRequest& request, std::ostream& to);

// Throws what `write_csv` would before it wrote anything.
void check_csv(const StoredRun& run, const CsvRequest& request);

}  // namespace apical

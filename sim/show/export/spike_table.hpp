#pragma once

#include <iosfwd>

#include "sim/show/export/csv_request.hpp"

namespace apical {

// Whether the spikes of populations are asked for, as in "rec.spikes". Throws Error{usage} when
// anything else is asked for beside them.
bool is_of_spikes(const StoredRun& run, const CsvRequest& request);

// A header, then a row for each spike in the order of time, of several populations in the order in
// which they are asked for, then of cells: step, time_ms, population, cell. Returns the number of
// rows, without the header. Throws Error{usage} for cells that a population does not have,
// Error{input_output_error} when `to` takes no more.
std::uint64_t write_spike_table(const StoredRun& run, const CsvRequest& request, std::ostream& to);

// Throws what `write_spike_table` would before it wrote anything.
void check_spike_table(const StoredRun& run, const CsvRequest& request);

}  // namespace apical

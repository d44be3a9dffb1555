#pragma once

#include "sim/sweep/run_sweep.hpp"

namespace apical {

// Runs the jobs of a sweep that its result lacks, with a line of progress on stderr unless `quiet`,
// until all are done or a signal asks to end. Throws as `SweepRun`.
SweepSummary run_missing(const Sweep& sweep, const JobList& list, const SweepOptions& options,
                         Ranks& ranks, bool quiet);

}  // namespace apical

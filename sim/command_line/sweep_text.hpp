#pragma once

#include <string>

#include "sim/sweep/run_sweep.hpp"

namespace apical {

// The output of `apical sweep` at the end, and with --dry-run.
std::string summary_text(const Sweep& sweep, const SweepSummary& summary,
                         const SweepOptions& options);
std::string plan_text(const Sweep& sweep, const JobList& list, const SweepPlan& plan,
                      const SweepOptions& options);

}  // namespace apical

#pragma once

#include <atomic>
#include <optional>

#include "sim/sweep/jobs.hpp"
#include "sim/sweep/sweep_result.hpp"

namespace apical {

// Runs a job from beginning to end, and keeps its run file if it is to be kept. Nothing when it
// was stopped. A number that is no longer finite ends a job as its result; throws what else can go
// wrong with it.
std::optional<JobResult> run_job(const Sweep& sweep, const JobList& list, const Job& job,
                                 const std::atomic<bool>& stopped);

}  // namespace apical

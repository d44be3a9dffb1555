#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sim/sweep/jobs.hpp"
#include "sim/sweep/ranks.hpp"
#include "sim/sweep/sweep_lock.hpp"

namespace apical {

// "2/8". Throws Error{usage}.
Shard shard_of(const std::string& text);

struct SweepOptions {
    std::size_t threads = 1;
    std::optional<Shard> shard;
    bool anew = false, quiet = false;
};

struct SweepSummary {
    std::size_t jobs = 0;    // of the sweep, or of the shard
    std::size_t before = 0;  // of these, done already
    std::size_t done = 0;    // now
    std::size_t missing = 0;
    std::vector<std::string> failures;  // "DNI(b), add, seed 3: step 17 ..."; each a sentence
    std::vector<std::string> notes;     // ResultStore::notes
    int signal = 0;                     // that interrupted it, or 0
    bool gathered = false;              // into the result file
    double seconds = 0.0;
};

// Runs what is missing of a sweep and gathers the result; a shard leaves its results for
// `merge_sweep`. Of several ranks only rank 0 has something to tell. Throws
// Error{cannot_create_output}, Error{input_output_error}.
SweepSummary run_sweep(const Sweep& sweep, const JobList& list, const SweepOptions& options,
                       Ranks& ranks);

// Gathers what is there.
SweepSummary merge_sweep(const Sweep& sweep, const JobList& list);

// What would be run, and what it would take.
struct SweepPlan {
    std::vector<double> seconds;  // of a job of each cell, on one core of this machine
    double total_seconds = 0.0;   // of the missing jobs, on so many threads
    double bytes = 0.0;           // on the disk
    std::size_t missing = 0;
};
SweepPlan plan_sweep(const Sweep& sweep, const JobList& list, const SweepOptions& options);

}  // namespace apical

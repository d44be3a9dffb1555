#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sim/sweep/job_queue.hpp"
#include "sim/sweep/jobs.hpp"
#include "sim/sweep/pool.hpp"
#include "sim/sweep/ranks.hpp"
#include "sim/sweep/result_store.hpp"
#include "sim/sweep/sweep_lock.hpp"
#include "sim/system/listener.hpp"
#include "sim/system/stop_request.hpp"

namespace apical {

// "2/8". Throws Error{usage}.
Shard shard_of(const std::string& text);

struct SweepOptions {
    std::size_t threads = 1;
    std::optional<Shard> shard = {};
    bool anew = false;
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

// The missing jobs of a sweep, run in threads from the beginning of its life. Its caller waits, and
// then finishes; of several ranks it is rank 0 that has this, and the others `work_for` it.
class SweepRun {
public:
    // Makes the folders, reads the results that there are and begins the jobs. All must outlive
    // this. Throws Error{cannot_create_output}, Error{input_output_error}.
    SweepRun(const Sweep& sweep, const JobList& list, const SweepOptions& options, Ranks& ranks);
    ~SweepRun() { queue_.stop(); }  // jobs that are not waited for end without a result
    SweepRun(const SweepRun&) = delete;
    SweepRun& operator=(const SweepRun&) = delete;

    // Waits until all jobs are done here and in the other ranks, or it is asked to stop: then the
    // jobs that run end without a result. `progress` hears of the jobs every few milliseconds.
    void wait(const StopRequest& stop, const Listener<JobQueue>& progress);

    // Gathers the result; a shard leaves its results for `merge_sweep`. Throws
    // Error{cannot_create_output}, Error{input_output_error}.
    SweepSummary finish();

private:
    const Sweep& sweep_;
    const JobList& list_;
    std::optional<Shard> shard_;
    Ranks& ranks_;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
    SweepLock lock_;
    ResultStore store_;
    JobQueue queue_;
    Pool pool_;
    int signal_ = 0;
};

// Runs the jobs that rank 0 hands out, in so many threads. Throws what keeps it from storing their
// results.
void work_for(Ranks& ranks, const Sweep& sweep, const JobList& list, std::size_t threads);

// Gathers what is there.
SweepSummary merge_sweep(const Sweep& sweep, const JobList& list);

// The jobs that would be run, and the time and room that they would take.
struct SweepPlan {
    std::vector<double> seconds;  // of a job of each condition, on one core of this machine
    double total_seconds = 0.0;   // of the missing jobs, on so many threads
    double bytes = 0.0;           // on the disk
    std::size_t missing = 0;
};
SweepPlan plan_sweep(const Sweep& sweep, const JobList& list, const SweepOptions& options);

}  // namespace apical

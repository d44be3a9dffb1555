#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "sim/sweep/jobs.hpp"
#include "sim/sweep/sweep_result.hpp"

namespace apical {

// Where the results of a sweep's jobs lie: each job's in a file of its own, "figure1.parts/ID.h5",
// until they are gathered in "figure1.h5". Every file takes its name when it is complete, and none
// is written by two processes, so that a sweep may be killed, or run by many processes at once,
// without a lock.
class ResultStore {
public:
    // Reads what is there. Throws Error{cannot_create_output} when it belongs to another sweep or
    // another engine, saying in what they differ.
    ResultStore(const Sweep& sweep, const JobList& list);

    // Whether the job's result is there: it was when the results were read, also from another
    // process, or `add` stored it since. A run file that it keeps must be there too.
    bool has(const Job& job) const;
    const std::map<std::string, JobResult>& results() const { return results_; }

    // Stores the result of a job of this process, and has it from then on; from any thread.
    void add(JobResult result);
    // Looks for what other processes have stored since.
    void read_parts();
    // Writes the result with all that is there, in the order of the jobs, and deletes the parts.
    void gather();

    // Notes on the results that were there: those that were computed from other data than the sweep
    // has now are left out, as if they had never been.
    std::vector<std::string> notes() const;

private:
    bool is_stale(const JobResult& result);
    void take(const std::string& path);
    std::string difference(const JobResult& result) const;

    const Sweep& sweep_;
    const JobList& list_;
    std::map<std::string, const Job*> jobs_;                   // by id
    std::multimap<std::string_view, const Condition*> cells_;  // by configuration
    std::map<std::string, JobResult> results_;                 // by id
    std::set<std::string> stale_;                              // ids of other data
    std::string changed_data_;                                 // of one of them: "data.h5:y"
    std::mutex mutex_;                                         // of `add`
};

// Makes the folders of a sweep's results. Throws Error{cannot_create_output} when they cannot be
// made or written, or when the result would replace a file that the sweep reads.
void make_folders(const Sweep& sweep, const JobList& list);

// Deletes the results of a sweep, gathered or not, and nothing else that lies in its folders.
void delete_results(const Sweep& sweep, const JobList& list);

// Stores the result of one job; from any thread or process.
void store_part(const Sweep& sweep, const JobResult& result);

}  // namespace apical

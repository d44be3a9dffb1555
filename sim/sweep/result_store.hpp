#pragma once

#include <map>
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

    // Makes the folders, or throws Error{cannot_create_output} when they cannot be made or written.
    void make_folders() const;

    // Of results that are there already, also those of other processes when they were opened.
    bool has(const Job& job) const;
    const std::map<std::string, JobResult>& results() const { return results_; }

    // Looks for what other processes have stored since.
    void read_parts();
    // Writes the result with all that is there, in the order of the jobs, and deletes the parts.
    void gather();

private:
    void check_job(const JobResult& result, const std::string& path) const;
    void take(const std::string& path);
    std::string difference(const JobResult& result) const;

    const Sweep& sweep_;
    const JobList& list_;
    std::map<std::string, const Job*> jobs_;    // by id
    std::map<std::string, JobResult> results_;  // by id
};

// Deletes the results of a sweep, gathered or not.
void delete_results(const Sweep& sweep);

// Stores the result of one job; from any thread or process.
void store_part(const Sweep& sweep, const JobResult& result);

}  // namespace apical

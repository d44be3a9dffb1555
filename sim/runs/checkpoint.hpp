#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/model/checkpoint_policy.hpp"
#include "sim/runs/archive.hpp"

namespace apical {

// What a checkpoint says of its run, before the numbers.
struct CheckpointHead {
    std::string engine;                  // `engine_version`
    std::string rounding;                // of its kernels
    std::string model_path, model_text;  // the path is absolute: other paths are relative to it
    std::vector<std::string> overrides;
    std::string resolved, diagnose;
    std::string branched_from;  // empty: begun by `apical run`
    std::string data;           // Run::data
    CheckpointPolicy policy;
    std::int64_t step = 0;                // completed
    std::vector<std::string> axes;        // of the run file
    std::vector<std::uint64_t> rows;      // recorded so far, by axis
    std::uint64_t events = 0;             // likewise
    std::vector<std::uint64_t> spikes;    // likewise, by population
    std::vector<std::string> rule_files;  // the names and texts of those read, in turn

    void persist(Archive& archive) {
        archive(engine, rounding, model_path, model_text, overrides, resolved, diagnose,
                branched_from, data, policy, step, axes, rows, events, spikes, rule_files);
        const bool possible = step >= 1 && policy.every >= 0 && policy.minutes >= 0.0 &&
                              policy.keep >= 1 && axes.size() == rows.size() &&
                              rule_files.size() % 2 == 0;
        if (!possible) archive.reject("says what cannot be");
    }
};

// Beside the run file: "runs/dni_b.h5.1000.checkpoint" of step 1000.
std::string checkpoint_path(const std::string& run_file, std::int64_t step);
// Throws Error{cannot_create_output} when the file system takes no name as long as that of the run
// file's checkpoints.
void check_room_for_name(const std::string& run_file);
// The steps of the checkpoints that lie beside a run file, rising.
std::vector<std::int64_t> checkpoint_steps(const std::string& run_file);
// Removes all but the newest `keep`. A file that only has the name of a checkpoint stays.
void remove_checkpoints(const std::string& run_file, std::int64_t keep);
// Removes the checkpoints of steps after `step`.
void remove_checkpoints_after(const std::string& run_file, std::int64_t step);

}  // namespace apical

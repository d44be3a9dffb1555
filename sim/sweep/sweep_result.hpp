#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "circuits/text/value.hpp"
#include "sim/diagnosis/summary.hpp"
#include "sim/tasks/task.hpp"

namespace apical {

// The result of a job: a row of a sweep's result.
struct JobResult {
    std::string id;  // as Job::id
    std::string model, task;
    std::vector<Value> values;  // of SweepResult::names: a boolean, a number or a text
    std::uint32_t seed = 0;
    std::string configuration;  // resolved model (TOML) of the condition, of its first seed
    std::string data;           // the datasets that it read, as `text_of` says
    std::vector<Bound> bounds;
    std::string failure;     // why its numbers are none; empty when it was completed
    std::int64_t steps = 0;  // completed
    double loss = 0.0;       // mean of the last tenth of its steps; not a number when it failed or
                             // its model has none
    std::int64_t loss_steps = 0;  // how many steps that is; 0 of no loss
    double seconds = 0.0;         // of stepping; the only thing that differs when it is run again
    std::vector<std::int64_t> block_steps;  // at the end of each block of the curve
    std::vector<double> block_losses;  // mean loss of each block; empty as the steps of no loss
    std::vector<AlignmentLine> alignment;
    std::string run_file;  // path, from the result's folder; empty when it was not kept
    // The last evaluation ([evaluate]): the frozen loss with its S.E.M. and the share of wrong
    // choices; not numbers when there was none, or no choice.
    double frozen = std::numeric_limits<double>::quiet_NaN();
    double frozen_sem = std::numeric_limits<double>::quiet_NaN();
    double frozen_error = std::numeric_limits<double>::quiet_NaN();

    // Whether the job was completed and its model has no loss.
    bool lacks_loss() const { return failure.empty() && std::isnan(loss); }
};

// The result of a sweep, whole or in part.
struct SweepResult {
    std::string title, sweep;        // the sweep file's text
    std::string engine;              // `engine_version`
    std::vector<std::string> names;  // of swept keys
    std::vector<JobResult> jobs;

    // Whether some jobs were completed and none of their models has a loss.
    bool lacks_losses() const;
    // Whether some job was evaluated.
    bool has_frozen() const;
};

// The folder of the jobs' results until they are gathered: "runs/x.parts" of "runs/x.h5".
std::string parts_folder(const std::string& result);

// The folder of the run files that [[keep]] asks for: "runs/x.runs" of "runs/x.h5".
std::string runs_folder(const std::string& result);

// Writes a result file (HDF5; docs/sweeps.md), under another name until it is complete and on the
// disk. The same result makes the same bytes. Throws Error{cannot_create_output},
// Error{input_output_error}.
void write_result(const std::string& path, const SweepResult& result);

// Throws Error{no_such_input} when there is no such file, Error{bad_model} when it is none of a
// sweep, or damaged.
SweepResult read_result(const std::string& path);

// Whether this is a file that `write_result` made, and no run file.
bool is_result(const std::string& path);

}  // namespace apical

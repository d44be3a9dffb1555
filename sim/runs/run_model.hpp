#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/model/model.hpp"
#include "sim/runs/resume.hpp"
#include "sim/runs/run.hpp"
#include "sim/system/listener.hpp"
#include "sim/system/stop_request.hpp"

namespace apical {

// "g++ 12.2.0"
std::string compiler_name();

// What the run file of a model will say about itself; `data` as Run::data.
RunDescription description_of(const Model& model, const std::string& data = {});

// How a run is watched and how fast it goes; its numbers and its file do not depend on it.
struct RunOptions {
    bool force = false;  // replaces a run file that exists, and its checkpoints
    int threads = 1;     // at most, and one more that writes the file when they are several
    StopRequest* stop = nullptr;  // what may ask it to end or to be saved; null when nothing may
    // Hears of it before its first step, and then some fifty times a second.
    Listener<RunProgress> progress = {};
};

// Error{numerical_failure} of a run, with what it came to until then.
class FailedRun : public Error {
public:
    FailedRun(const Error& error, RunSummary summary)
        : Error(error.code(), error.sentences()), summary_(std::move(summary)) {}
    const RunSummary& summary() const { return summary_; }

private:
    RunSummary summary_;
};

// Runs a model from its beginning and writes its run file. It is saved as [checkpoint] says, and
// when it is asked to be. Asked to end it finishes the step, is saved, closes the file and returns.
// Throws Error{cannot_create_output}, Error{input_output_error}, FailedRun; what was
// recorded up to a numerical failure is kept, in a file that says how the run ended.
RunSummary run_model(const Model& model, const RunOptions& options = {});

// Goes on from a checkpoint, to the same file byte by byte as if the run had never stopped. The old
// file stays until the new one has all its rows, also those after the checkpoint. Throws as
// `run_model`, and Error{cannot_create_output} while the run goes on; Error{interrupted} or
// Error{terminated} when it is asked to end while rows are copied, and then all is as it was.
RunSummary resume(const Model& model, OpenCheckpoint checkpoint, const RunOptions& options = {});

// A branch of a run, which `apical fork` makes: a run of another model that begins with what the
// run of `run_file` knew after a step. `notes` gets what a user should know of what was carried
// over. Throws as `run_model`, and Error{bad_model} when a size is another one; then the output is
// as it was.
RunSummary branch_run(const Model& model, const std::string& run_file, OpenCheckpoint checkpoint,
                      const RunOptions& options, std::vector<std::string>& notes);

// After a number that is no longer finite, closes the run file, which says how the run ended.
void close_after(const Error& error, Recorder& recorder, std::int64_t steps);

}  // namespace apical

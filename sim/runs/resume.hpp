#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/model/model.hpp"
#include "sim/run_file/recorder.hpp"
#include "sim/runs/archive.hpp"
#include "sim/runs/checkpoint.hpp"
#include "sim/runs/run.hpp"
#include "sim/system/reading_trial.hpp"
#include "sim/system/stop_request.hpp"

namespace apical {

// Saves a run beside its run file, whose rows are all on the disk then; the checkpoints that are
// too many are removed when this one is complete. Throws Error{input_output_error}.
void save_checkpoint(const Model& model, Run& run, Recorder& recorder);

// A checkpoint, opened: `rest` has the numbers of the run that `head` tells of.
struct OpenCheckpoint {
    CheckpointHead head;
    Archive rest;
};

// The steps of a run that went on to its planned end, and whose file was closed. Throws as
// StoredRun.
std::optional<std::int64_t> completed_steps(const std::string& run_file);
// The reading that tries `completed_steps`; words: run file.
extern const Reading completed_steps_reading;

// The newest whole checkpoint of this run that the run file has the rows of; what is wrong with
// newer ones goes into `notes`. Throws Error{no_such_input} when there is none, Error{bad_model}
// when it is of another engine.
OpenCheckpoint checkpoint_to_resume(const std::string& run_file, std::vector<std::string>& notes);
// The checkpoint of one step. Throws Error{no_such_input}, listing those that there are, or
// Error{bad_model} when it is damaged, of another engine, or of another run than the file is, when
// there is one.
OpenCheckpoint checkpoint_at(const std::string& run_file, std::int64_t step,
                             const ReadingTrial& trial = {});

// The reading of a run file that stands beside a checkpoint; words: run file.
extern const Reading resolved_reading;

// The model of the run; its datasets are tried first as `trial` does, and so is the run file when
// it is resumed. Throws Error{bad_model} when it is not resolved as it was then.
Model resumed_model(const CheckpointHead& head, const std::string& run_file,
                    const ReadingTrial& trial = {});
// The model of a branch, with overrides on top of the run's own. Throws Error{bad_model}.
Model branched_model(const CheckpointHead& head, const std::string& run_file,
                     const Overrides& overrides, const std::string& output,
                     const ReadingTrial& trial = {});

// Synapse sets of a branch whose `init` is not that of its run: they begin anew. Throws
// Error{bad_model} when another `init` has been changed, which would have no effect.
std::vector<std::string> begun_anew(const CheckpointHead& head, const Model& branch);

}  // namespace apical

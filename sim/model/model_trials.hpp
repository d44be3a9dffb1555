#pragma once

#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/program.hpp"
#include "circuits/text/value.hpp"
#include "sim/numbers/run_streams.hpp"
#include "sim/run_file/recording.hpp"
#include "sim/tasks/task.hpp"

namespace apical {

// What a task asks of a circuit, with the periods of its trials.
TaskShape shape_of(const Task& task);

// The shape of the task of a recorded model, which is not loaded: its periods are the windows that
// the resolved model names.
TaskShape recorded_shape(const TaskShape& shape, const Table& resolved);

// A circuit of which the trials alone are loaded, those of [trial] or of the task; the table gets
// [trial] where the task alone has some. Throws Error{bad_model}.
Circuit circuit_of_trials(Table& root, const Task& task);

// The steps of the run that `run.trials` or, rounded up to whole trials, `run.steps` says, of a
// model with trials; 0 of another one. The table gets them as run.steps, and [trial] where the task
// alone has trials. Throws Error{bad_model} for lengths that do not fit each other or the task.
std::int64_t steps_in_trials(Table& root, const Task& task, const RunStreams& streams);

// The table of the trials of a run: of each, in its last step, what it was. Nothing of a circuit
// without trials.
std::vector<Recording> trials_recording(const Circuit& circuit, const Program& program,
                                        const Task& task, const RunStreams& streams,
                                        std::int64_t steps);

}  // namespace apical

#pragma once

#include "circuits/anatomy/circuit.hpp"
#include "circuits/text/value.hpp"
#include "sim/run_file/stored_run.hpp"
#include "sim/tasks/task.hpp"

namespace apical {

// The model that a run file says it ran, from its attribute "resolved".
struct StoredModel {
    Table root;
    Circuit circuit;
    std::vector<Bound> bounds;  // of the task's loss; none where the task needs a file
};

// Throws Error{bad_model} when the attribute is none of this version's models.
StoredModel stored_model(const StoredRun& run);

// The readout that the task of a resolved model asks for: only the task "file" has a choice of its
// readout, by the key of this name, which other tasks ignore. `path` names the file in messages.
Activation resolved_readout(Table& resolved, const std::string& path);

// How the loss of a resolved model is judged: as [loss] says, or by the task's readout.
Activation resolved_judgement(Table& resolved, const std::string& path);

// The shape of the task that the model was trained on, as the run file's attributes say. A file of
// format 1 without them says it by `resolved`, the table of its model. Throws Error{bad_model} when
// what they say cannot be.
TaskShape stored_task_shape(const StoredRun& run, Table& resolved);

}  // namespace apical

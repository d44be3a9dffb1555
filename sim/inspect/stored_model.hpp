#pragma once

#include "circuits/circuit.hpp"
#include "circuits/value.hpp"
#include "sim/inspect/stored_run.hpp"
#include "sim/task.hpp"

namespace apical {

// The model that a run file says it ran, from its attribute "resolved".
struct StoredModel {
    Table root;
    Circuit circuit;
    std::vector<Bound> bounds;  // of the task's loss; none where the task needs a file
};

// Throws Error{bad_model} when the attribute is none of this version's models.
StoredModel stored_model(const StoredRun& run);

// Of the task that the model was trained on; `resolved` is its table.
TaskShape stored_task_shape(Table& resolved, const std::string& path);

}  // namespace apical

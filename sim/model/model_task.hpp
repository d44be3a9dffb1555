#pragma once

#include "sim/model/model.hpp"

namespace apical {

// Makes the task of a model whose run is loaded; without [task] one that shows nothing. Notes keys
// that it does not use. Throws Error{bad_model} when the run is longer than the task.
void load_task(Model& model, Table& root);

}  // namespace apical

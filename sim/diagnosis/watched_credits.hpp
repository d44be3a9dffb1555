#pragma once

#include "sim/diagnosis/model_draft.hpp"

namespace apical {

// The voltages of diagnose.credit. Throws Error{bad_model} for what is no compartment of cells
// whose rate the loss depends on.
void choose_credits(Diagnosed& chosen, const ModelDraft& model);

}  // namespace apical

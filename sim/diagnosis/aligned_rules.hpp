#pragma once

#include <string>
#include <vector>

#include "sim/diagnosis/model_draft.hpp"

namespace apical {

// The rules that change W = [W_rec, W_in, b] of the recurrent network and estimate its gradient,
// and sets that learn its Jacobian. Throws Error{bad_model} as `choose_diagnosis` does.
void choose_alignment(Diagnosed& chosen, const ModelDraft& model, std::vector<std::string>& notes);

}  // namespace apical

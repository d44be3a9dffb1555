#pragma once

#include <string>
#include <vector>

#include "sim/diagnosis/model_draft.hpp"

namespace apical {

// The rules that change sets on which the loss depends, to be held against the program run
// backwards, whatever their equations are. What cannot be measured is noted by name. Throws
// Rejected when nothing is left.
void choose_by_adjoint(Diagnosed& chosen, const ModelDraft& model, std::vector<std::string>& notes);

}  // namespace apical

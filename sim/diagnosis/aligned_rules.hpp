#pragma once

#include "sim/diagnosis/diagnosed.hpp"

namespace apical {

// A model before it is composed to its end: what of it is known when [diagnose] is read.
struct ModelDraft {
    ProgramBuilder& program;
    const Section& section;  // [diagnose]
    const std::vector<BoundRule>& rules;
    std::int64_t steps;
};

// The rules that change W = [W_rec, W_in, b] of the recurrent network and estimate its gradient,
// and sets that learn its Jacobian. Throws Error{bad_model} as `choose_diagnosis` does.
void choose_alignment(Diagnosed& chosen, const ModelDraft& model, std::vector<std::string>& notes);

}  // namespace apical

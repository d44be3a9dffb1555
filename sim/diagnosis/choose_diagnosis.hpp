#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/diagnosis/diagnosed.hpp"

namespace apical {

// Whether [diagnose] compares what whole trials change.
bool compares_trials(const Section& section);

// Reads [diagnose] and gives the program a slot for each number that will be measured. Throws
// Error{bad_model} when the model has nothing that can be aligned, or the exact gradient cannot be
// had; what is left out is said in `notes`. `steps` is the run's length, `longest_trial` the
// steps of its longest trial, which is read where it `compares_trials`.
Diagnosed choose_diagnosis(ProgramBuilder& program, const Section& section,
                           const std::vector<BoundRule>& rules, std::int64_t steps,
                           std::int64_t longest_trial, std::vector<std::string>& notes);

}  // namespace apical

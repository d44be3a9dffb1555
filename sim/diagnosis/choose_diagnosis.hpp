#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/diagnosis/diagnosed.hpp"

namespace apical {

// Reads [diagnose] and gives the program a slot for each number that will be measured. Throws
// Error{bad_model} when the model has nothing that can be aligned, or the exact gradient cannot be
// had; what is left out is said in `notes`. `steps` is the run's length; the longest trial's is
// asked for where there are trials.
Diagnosed choose_diagnosis(ProgramBuilder& program, const Section& section,
                           const std::vector<BoundRule>& rules, std::int64_t steps,
                           const std::function<std::int64_t()>& longest_trial,
                           std::vector<std::string>& notes);

}  // namespace apical

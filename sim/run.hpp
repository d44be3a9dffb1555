#pragma once

#include <cstdint>
#include <string>

#include "sim/diagnosis/summary.hpp"
#include "sim/model.hpp"

namespace apical {

// What a run came to.
struct RunSummary {
    std::int64_t steps = 0;       // completed
    bool interrupted = false;     // by SIGINT
    double seconds = 0.0;         // of stepping and recording
    double loss = 0.0;            // mean over the last tenth of the planned steps
    std::int64_t loss_steps = 0;  // how many steps that is
    std::uint64_t file_bytes = 0;
    DiagnosisSummary diagnosis = {};
};

// "g++ 12.2.0"
std::string compiler_name();

// What the run file of a model will say about itself.
RunDescription description_of(const Model& model);

// Runs a model from its beginning and writes its run file, with progress on stderr unless `quiet`.
// On SIGINT it finishes the step, closes the file and returns. Throws Error{cannot_create_output},
// Error{input_output_error}, Error{numerical_failure}; what was recorded up to a numerical failure
// is kept, in a file that says how the run ended.
RunSummary run(const Model& model, bool force, bool quiet);

}  // namespace apical

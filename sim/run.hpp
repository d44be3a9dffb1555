#pragma once

#include <string>

#include "sim/model.hpp"
#include "sim/whole_run.hpp"

namespace apical {

// "g++ 12.2.0"
std::string compiler_name();

// What the run file of a model will say about itself.
RunDescription description_of(const Model& model);

// Runs a model from its beginning and writes its run file, with progress on stderr unless `quiet`.
// It uses up to so many threads, and one more that writes the file when they are several; neither
// its numbers nor the file depend on how many. On SIGINT it finishes the step, closes the file and
// returns. Throws Error{cannot_create_output}, Error{input_output_error}, Error{numerical_failure};
// what was recorded up to a numerical failure is kept, in a file that says how the run ended.
RunSummary run(const Model& model, bool force, bool quiet, int threads = 1);

// After a number that is no longer finite, closes the run file, which says how the run ended.
void close_after(const Error& error, Recorder& recorder, std::int64_t steps);

}  // namespace apical

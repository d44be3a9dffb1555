#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/program.hpp"
#include "circuits/text/value.hpp"
#include "sim/run_file/recording.hpp"

namespace apical {

// The run that is recorded.
struct RecordedRun {
    const Circuit& circuit;
    const Program& program;
    std::int64_t steps = 0;
    std::int64_t steps_in_file = 0;  // of the run as the model file has it
    const std::string& path;         // of that file
};

// The recordings that [record.*] asks for, and of the strengths that it does not name the ends. A
// table that begins behind the run's last step is told in `notes`, unless the run was made shorter
// than its file has it. Throws Error{bad_model} for what cannot be recorded.
std::vector<Recording> load_recordings(Table& root, const RecordedRun& run,
                                       std::vector<std::string>& notes);

// Throws Error{bad_model} for names that are too long for a row of events, where these are
// recorded: cut off, two names could become one.
void check_event_names(const Table& root, const RecordedRun& run,
                       const std::vector<Recording>& all);

}  // namespace apical

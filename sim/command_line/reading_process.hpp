#pragma once

#include <string>
#include <vector>

#include "sim/system/reading_trial.hpp"

namespace apical {

// Files are read first in a child process, which costs one to two milliseconds.

// For whatever reads files that a user named.
ReadingTrial in_child_process();

// Goes on in a child process, in which run files are to be opened and read; the parent stays in
// here and ends as the child does, or throws Error{bad_model} when the library gave up there. Call
// before anything else was printed, and before a file is opened.
void continue_in_reading_process(const std::vector<std::string>& paths);

// To be called in the child when the files are open: from then on it may take any time.
void lift_time_limit();

}  // namespace apical

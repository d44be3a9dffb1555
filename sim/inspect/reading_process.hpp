#pragma once

#include <string>
#include <vector>

namespace apical {

// Goes on in a child process, in which run files are to be opened and read; the parent stays in
// here and ends as the child does. On a damaged file the HDF5 library may crash or loop (release
// 1.10.8 does), which no check of ours can prevent: then Error{bad_model} is thrown, in the parent.
// Call before anything else was printed, and before a file is opened.
void continue_in_reading_process(const std::vector<std::string>& paths);

// To be called in the child when the files are open: from then on it may take any time.
void lift_time_limit();

}  // namespace apical

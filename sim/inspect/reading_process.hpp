#pragma once

#include <string>

namespace apical {

// Goes on in a child process, in which a run file is to be opened and read; the parent stays in
// here and ends as the child does. On a damaged file the HDF5 library may crash or loop (release
// 1.10.8 does), which no check of ours can prevent: then Error{bad_model} is thrown, in the parent.
// Call before anything else was printed, and before the file is opened.
void continue_in_reading_process(const std::string& path);

// To be called in the child when the file is open: from then on it may take any time.
void opened();

}  // namespace apical

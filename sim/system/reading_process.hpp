#pragma once

#include <string>
#include <vector>

#include "circuits/text/error.hpp"

namespace apical {

// On a damaged file the HDF5 library may crash or loop (release 1.10.8 does), which no check of
// ours can prevent; a child process can, in which it happens instead.

// Goes on in a child process, in which run files are to be opened and read; the parent stays in
// here and ends as the child does, or throws Error{bad_model} when the library gave up there. Call
// before anything else was printed, and before a file is opened.
void continue_in_reading_process(const std::vector<std::string>& paths);

// To be called in the child when the files are open: from then on it may take any time.
void lift_time_limit();

// For `try_reading`: true in a child process, false in the parent when that has come to its end.
bool is_trial(const Where& where, const std::string& what);
[[noreturn]] void end_trial();
// So much time from now on, in seconds of the processor; nothing outside a child process.
void extend_time_limit(double seconds);

// Does first in a child process what the caller does next with a file, which costs one to two
// milliseconds; what it throws the caller meets again. Throws Error{bad_model} at `where`, saying
// that `what` (empty, or a path that is not that of `where`) is damaged, when the library gave up.
// Other threads may run, but none of them may hold hdf5_mutex() or be waited for by the action: in
// the child they are not there.
template <class Action>
void try_reading(const Where& where, const std::string& what, Action action) {
    if (!is_trial(where, what)) return;
    try {
        action();
    } catch (...) {
    }
    end_trial();
}

}  // namespace apical

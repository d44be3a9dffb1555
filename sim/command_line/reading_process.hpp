#pragma once

#include <string>
#include <vector>

#include "sim/system/reading_trial.hpp"

namespace apical {

// Files are read first in a child process: the program, started once more with words in front of
// its arguments that no user types. Nothing of the parent is in it, neither its memory nor its
// threads, locks and handlers of signals; starting takes as long as `apical version` does.

// Must be called first in main. The program that was started to try a file does so, and ends here;
// the one that goes on in place of its parent has the parent's arguments afterwards.
void begin_reading_process(int& argc, char**& argv);

// The trial of files that a user named: `program`, this one, is started once more to read them.
ReadingTrial in_child_process(const std::string& program = "/proc/self/exe");

// Goes on in a child process, in which run files are to be opened and read: there the command
// begins anew, and this returns. The parent stays in here and ends as the child does, or throws
// Error{bad_model} when the library gave up there. Call before anything else was printed, and
// before a file is opened.
void continue_in_reading_process(const std::vector<std::string>& paths);

// Lifts the child's time limit; must be called there when the files are open.
void lift_time_limit();

}  // namespace apical

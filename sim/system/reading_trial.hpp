#pragma once

#include <string>

#include "circuits/text/error.hpp"

namespace apical {

// How a file is tried before the HDF5 library reads it. On a damaged one the library may crash or
// loop (release 1.10.8 does), which no check of ours can prevent; somebody else than the caller's
// process can meet it first. One without functions tries nothing: the file is read at once, and a
// crash is the caller's. The program has one that reads in a child process
// (sim/command_line/reading_process.hpp).
struct ReadingTrial {
    // True where the trial is made, in a process that `end` ends; false where the file is read
    // then. Throws Error{bad_model} at a place, saying that `what` (empty, or a path that is not
    // that of the place) is damaged, when the library gave up.
    bool (*begin)(const Where& where, const std::string& what) = nullptr;
    void (*end)() = nullptr;
    // Gives a trial so much time from now on, in seconds of the processor.
    void (*extend)(double seconds) = nullptr;

    void extend_time(double seconds) const {
        if (extend) extend(seconds);
    }
};

// Does for trial first what the caller does next with a file; what it throws the caller meets
// again. Throws what `begin` throws. Other threads may run, but none of them may hold hdf5_mutex()
// or be waited for by the action: in a child process they are not there.
template <class Action>
void try_reading(const ReadingTrial& trial, const Where& where, const std::string& what,
                 Action action) {
    if (!trial.begin || !trial.begin(where, what)) return;
    try {
        action();
    } catch (...) {
    }
    trial.end();
}

}  // namespace apical

#pragma once

#include <string>
#include <vector>

#include "circuits/text/error.hpp"

namespace apical {

struct ReadingTrial;

// A way to read a file that another process can be told: the name of the way, and what it does with
// the words that say which file and what of it. What `read` throws says nothing of the trial.
struct Reading {
    const char* name;  // "dataset"
    void (*read)(const std::vector<std::string>& words, const ReadingTrial& trial);
};

// How a file is tried before the HDF5 library reads it. On a damaged one the library may crash or
// loop (release 1.10.8 does), which no check of ours can prevent; somebody else than the caller's
// process can meet it first. One without functions tries nothing: the file is read at once, and a
// crash is the caller's. The program has one that starts itself once more to read
// (sim/command_line/reading_process.hpp).
struct ReadingTrial {
    // Reads in another process, that of `program`, and returns when this one may read. Throws
    // Error{bad_model} at a place, saying that `what` (empty, or a path that is not that of the
    // place) is damaged, when the library gave up.
    void (*attempt)(const std::string& program, const Reading& reading,
                    const std::vector<std::string>& words, const Where& where,
                    const std::string& what) = nullptr;
    std::string program = {};
    // Gives the trial that goes on in this process so much time from now on, in seconds of the
    // processor.
    void (*extend)(double seconds) = nullptr;

    void extend_time(double seconds) const {
        if (extend) extend(seconds);
    }
};

// Tries elsewhere what the caller does next with a file. Throws what `attempt` throws.
// Other threads may run, and hold hdf5_mutex(); the caller should not, since a trial takes
// milliseconds to seconds.
inline void try_reading(const ReadingTrial& trial, const Reading& reading,
                        const std::vector<std::string>& words, const Where& where,
                        const std::string& what = "") {
    if (trial.attempt) trial.attempt(trial.program, reading, words, where, what);
}

}  // namespace apical

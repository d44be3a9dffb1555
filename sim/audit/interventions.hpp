#pragma once

#include <cstddef>
#include <vector>

#include "circuits/program/program.hpp"

namespace apical {

// The circuit's own operations, without what the experimenter does.
struct OwnProgram {
    Program program;
    std::vector<std::size_t> listed;         // by operation: its index in the whole program
    std::vector<std::size_t> interventions;  // of the whole program
};

// Leaves out what [event.*] tables ask for. What a rule does while no event is on is the circuit's.
OwnProgram without_interventions(const Program& program, const Circuit& circuit);

}  // namespace apical

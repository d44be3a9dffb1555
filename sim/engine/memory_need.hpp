#pragma once

#include <cstddef>

#include "circuits/program/program.hpp"

namespace apical {

// The memory that the numbers of a run take: strengths, what rules keep at synapses and in cells,
// and what is measured; not that of recording and of diagnoses.
struct MemoryNeed {
    double bytes = 0.0;       // in floating point, so that a size of 10^12 cells overflows nothing
    std::size_t largest = 0;  // of the program's slots, of which there is one at least
    double bytes_of_largest = 0.0;
};
MemoryNeed memory_needed(const Program& program);

}  // namespace apical

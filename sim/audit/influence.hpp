#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/model/model.hpp"

namespace apical {

// A number that a synapse's change depended on and that is neither in its two cells nor its own.
struct ForeignInfluence {
    std::string of, on;     // slots: "twin.r" on "W_rec"
    std::string example;    // "entry (3, 0) on entry (0, 1)"
    std::size_t found = 0;  // pairs of entries
};

// The influence that the compiled plan has, whatever its operations declare.
struct MeasuredInfluence {
    std::vector<ForeignInfluence> foreign;
    std::size_t nudges = 0;    // entries that were nudged; 0: the state is too large
    bool every_entry = false;  // else a sample of each slot
    double gigabytes = 0.0;    // of all copies of the state that it takes
};

// Runs a model for some steps, then two more many times over: each time an entry of a slot is
// nudged right after an operation of the first wrote it (or before it), the rest of both is
// executed, and the synapses are looked at. What transmission, softmax and broadcast numbers hand
// from cell to cell stays as it was without the nudge, since that is how cells may know of each
// other; numbers summed up over synapses are no such numbers, but for what a cell gathers over its
// own, which is a number in the cell. A change of a synapse ij may then depend on numbers in its
// cells i and j and at the synapse alone. The plan is that of the operations one by one; the plans
// that passes make (sim/engine/plan/passes.hpp) make the same of every nudge, for which
// tests/sim/audit/influence_of_runs_test.cpp looks.
MeasuredInfluence measure_influence(const Model& model);

}  // namespace apical

#pragma once

#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "sim/run_file/ranges.hpp"
#include "sim/show/plot/figure.hpp"

namespace apical {

// When a phase takes place in a step, in ms from its beginning: one stretch, which has all its
// iterations; of a phase that is carried out in turn with others one in each iteration, the last of
// which the recorded numbers are of. Of more than a hundred iterations in turn a hundred wider ones
// are made, which could not be told apart.
std::vector<Stretch> times_of(const Circuit& circuit, PhaseId phase);

// By phase, when the last of these times begins.
std::vector<double> last_begins(const Circuit& circuit);

// The times of the phases in which `on` holds, in these steps; what follows without a gap is one.
std::vector<Stretch> stretches(const Circuit& circuit, const StepRange& steps,
                               const std::vector<bool>& on);

// Adds a stretch behind the others, or makes the last one longer where it goes on alike.
void append(std::vector<Stretch>& all, const Stretch& next);

}  // namespace apical

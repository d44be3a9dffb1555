#pragma once

#include <memory>

#include "circuits/anatomy/circuit.hpp"
#include "sim/numbers/run_streams.hpp"
#include "sim/tasks/task.hpp"

namespace apical {

// The stream from which the cells of the input are made to fire.
inline constexpr std::string_view stream_of_firing = "task/fires";

// The task as it reaches a circuit whose input population fires spikes (FiringInput): the inputs
// that it presents are 0 and 1, whoever reads them, and its labels stay. Any other circuit's task
// is returned as it is. What is drawn for a cell in a step depends on nothing but the seed.
// Presenting throws Error{numerical_failure} with step and cell for an input by which no cell can
// fire.
std::unique_ptr<const Task> with_firing_input(std::unique_ptr<const Task> task,
                                              const Circuit& circuit, const RunStreams& streams);

}  // namespace apical

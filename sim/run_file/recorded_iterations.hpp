#pragma once

#include <string>
#include <vector>

#include "sim/run_file/recorded_cells.hpp"
#include "sim/run_file/run_layout.hpp"

namespace apical {

// Where the iterations of a phase stand among all those of a step, in the order of time: the first,
// and from one to the next.
struct Iterations {
    std::size_t first = 0, distance = 1;
    int count = 1;
};
// By phase.
std::vector<Iterations> iterations_of(const Program& program);
// The names of the phases of all iterations of a step, in that order.
std::vector<std::string> phases_of_iterations(const Program& program);

// Whether one of the tables that record a quantity does so in each iteration: of numbers, and of
// what cells have, that iterations make.
bool is_in_each_iteration(const Program& program, const Quantity& quantity, const Tables& tables,
                          const std::vector<Recording>& recordings);
// What is recorded beside a quantity: "iterations(hidden.r)", rows x iterations [x cells].
RecordedQuantity in_each_iteration(const Program& program, const RecordedQuantity& once);
bool has_iterations(const std::vector<AxisLayout>& axes);

// Throws Error{bad_model} when a table asks for iterations and no phase has several.
void check_iterations(const Program& program, const std::vector<Recording>& recordings);

}  // namespace apical

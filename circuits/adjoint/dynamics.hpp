#pragma once

#include <string>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/program.hpp"

namespace apical {

// What a circuit's loss compares, and when.
struct LossOfProgram {
    SlotId judged, target;  // the target may be a part of its slot, from `first_cell` on
    int first_cell = 0;
    bool is_cross_entropy = false;  // of a softmax of what is judged; else half the sum of squares
    // At the end of the first of these that the step has.
    std::vector<PhaseId> phases = {};
    std::vector<PeriodicSteps> steps = {};  // that have the phase
};

// Throws Error{bad_model} when the circuit has no loss.
LossOfProgram loss_of(const Program& program, const Circuit& circuit);

// What the loss of a step depends on, found from the operations: from what is judged back to what
// makes it, and what makes that, round the step until nothing is added. Strengths are where the
// search stops, since operations that change them are learning; those of rules that are `fast` are
// gone through.
struct Dynamics {
    std::vector<bool> performed;       // operations that make what the loss depends on
    std::vector<bool> differentiated;  // those of them whose result strengths have a part in
    std::vector<bool> has_adjoint;     // slots that hold such a result
    std::vector<SlotId> sets;          // strengths that are read, each a set with a gradient
    // Whether a step's result goes into the next step's.
    bool remembers = false;
};

// `fast` are the paths of tables, as Operation::asked_by has them, whose rules change strengths as
// a part of it.
Dynamics find_dynamics(const Program& program, const LossOfProgram& loss,
                       const std::vector<std::string>& fast = {});

// Whether an operation changes strengths by learning: it is no part of the dynamics.
bool is_learning(const Program& program, const Operation& op, const std::vector<std::string>& fast);

// "1, 3-9, 23": the numbers of these operations, as a listing has them.
std::string numbers_of_operations(const std::vector<bool>& chosen);

}  // namespace apical

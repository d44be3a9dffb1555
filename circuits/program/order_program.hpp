#pragma once

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/program.hpp"

namespace apical {

// Orders the operations: by phase; within a phase gates, the circuit, the rules in the order of the
// file, those that act in each iteration first, and last the changes of strengths, so that every
// reader of a strength sees it before this step's change (a rule that takes over strengths sees
// what those above it have changed); then what is remembered. Throws Error{bad_model} for a
// dendrite that neither a gate nor a rule reads, and for an operation that reads what is made later
// in the step.
void order_program(Program& program, const Circuit& circuit);

}  // namespace apical

#pragma once

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/program.hpp"
#include "circuits/text/value.hpp"

namespace apical {

// Holds a program to what `teaching` of [task] says: with "reward" no operation may read the label,
// by whatever way, and there must be trials; without it there is no reward to read. Throws
// Error{bad_model}.
void check_teaching(const Table& root, const Circuit& circuit, const Program& program);

}  // namespace apical

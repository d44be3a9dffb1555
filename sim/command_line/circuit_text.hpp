#pragma once

#include <string>

#include "circuits/anatomy/circuit.hpp"

namespace apical {

// What exists, as `apical check` says it: a line for each population, each use of a synapse set,
// each wire and the loss, and why there is none.
std::string circuit_text(const Circuit& circuit);

}  // namespace apical

#pragma once

#include <string>

#include "circuits/anatomy/circuit.hpp"

namespace apical {

// The trials of a circuit: how long they are, what they begin with, and their windows; nothing of
// one without trials.
std::string trials_text(const Circuit& circuit);

}  // namespace apical

#pragma once

#include <string>

#include "circuits/anatomy/circuit.hpp"

namespace apical {

// The stream of the draws of when a gate moves.
inline std::string stream_of_gate(const Gate& gate) { return "gate/" + gate.name; }

}  // namespace apical

#pragma once

#include <optional>

#include "circuits/anatomy/circuit.hpp"
#include "sim/algebra/network.hpp"

namespace apical {

// The cells' activation as equations in text know it; nothing of softmax, which is of all cells.
// The circuit must outlive it.
std::optional<algebra::Activation> phi_of(const Circuit& circuit, const Population& cells);

}  // namespace apical

#pragma once

#include <optional>

#include "circuits/anatomy/circuit.hpp"
#include "sim/algebra/network.hpp"

namespace apical {

// The activation as equations in text know it; nothing of softmax, which is of all cells.
std::optional<algebra::Activation> phi_of(Activation activation);

}  // namespace apical

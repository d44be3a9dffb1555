#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "circuits/anatomy/circuit.hpp"

namespace apical {

// Notes what comes to nothing in a run of so many steps: axons whose end nothing reaches, events of
// so small a share that it is of no cell or synapse, cells that spike for ever once they have.
void note_idle(const Circuit& circuit, std::int64_t steps, std::vector<std::string>& notes);

}  // namespace apical

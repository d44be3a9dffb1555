#pragma once

#include <string_view>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/program.hpp"

namespace apical {

// The physical nature of each slot of the program, inferred from the operations that write it, or,
// where none does, from its place. Carrier::none: no biological quantity changes like that.
std::vector<Carrier> infer_carriers(const Program& program, const Circuit& circuit);

// "a voltage", for messages.
std::string_view text(Carrier carrier);

}  // namespace apical

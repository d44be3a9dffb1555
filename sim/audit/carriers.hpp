#pragma once

#include <string_view>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/program.hpp"

namespace apical {

// What each slot of the program physically is: by the operations that write it, or, where none
// does, by where it stands. Carrier::none: no biological quantity changes like that.
std::vector<Carrier> infer_carriers(const Program& program, const Circuit& circuit);

// "a voltage", for messages.
std::string_view text(Carrier carrier);

}  // namespace apical

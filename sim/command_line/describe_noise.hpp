#pragma once

#include <string>

#include "circuits/anatomy/circuit.hpp"

namespace apical {

// Lines of `check`: one for each [noise.*] table, and one for each [event.*] table.
std::string noise_text(const Circuit& circuit);
std::string events_text(const Circuit& circuit);

}  // namespace apical

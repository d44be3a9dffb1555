#pragma once

#include "circuits/anatomy/circuit.hpp"
#include "circuits/text/value.hpp"

namespace apical {

// When the experimenter's events are on, by the model: each one's name, when it begins, how long it
// lasts (-1: it stays) and after how long it comes again (0: never), in steps as the page's axes
// count them.
Array shown_interventions(const Circuit& circuit);

}  // namespace apical

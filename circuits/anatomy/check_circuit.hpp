#pragma once

#include "circuits/anatomy/circuit.hpp"

namespace apical {

// Throws Error{bad_model} for what is wrong with a circuit as a whole: rates that nothing may set,
// compartments that nothing drives, cells that are asked to transmit in a phase in which no gate
// lets them fire.
void check_circuit(const Circuit& circuit);

// The part of it that is about cells whose dendrites move the soma by conductances. Throws Rejected
// with all mistakes.
void check_coupling(const Circuit& circuit);

// The part of it that is about cells that spike (circuits/anatomy/load_spikes.cpp).
void check_spikes(const Circuit& circuit);
// The part of it that is about gates whose path makes cells fire another thing than phi of a
// voltage.
void check_emits(const Circuit& circuit);

}  // namespace apical

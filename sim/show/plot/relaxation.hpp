#pragma once

#include "sim/model/stored_model.hpp"

namespace apical {

// How far a voltage has come from its value at a phase's beginning (0) to that at its end (1) after
// `ms` of the `phase_ms`. Within a phase the drive I is constant, v(t) = I + (v(0) - I) exp(-t /
// tau) (docs/model-file.md), so that the share is (1 - exp(-ms / tau)) / (1 - exp(-phase_ms /
// tau)), whatever I is.
double relaxed_share(double ms, double phase_ms, double tau_ms);

// tau of the compartment whose voltage this is; 0 for what follows its drive at once, and for all
// that is no voltage.
double tau_ms_of(const Circuit& circuit, const StoredQuantity& quantity);
double tau_ms_of(const StoredRun& run, const StoredQuantity& quantity);

}  // namespace apical

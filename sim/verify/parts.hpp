#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/algebra/network.hpp"
#include "sim/verify/approximations.hpp"
#include "sim/verify/circuit_run.hpp"

namespace apical {

// The places in the circuit of what the equations are made of, found by role and by what the rules
// are bound to.

// Begins messages about what is missing: implements = "rflo".
std::string who_implements(const Model& model);

// The rule of this name, which must change W = [W_rec, W_in, b].
const BoundRule& rule_of_W(const CircuitRun& run, std::string_view rule);

// ---- what every algorithm's equations start from

// The settings of the equations, with the model's learning rates.
algebra::Settings settings_of(const CircuitRun& run, const Approximations& approximations);

// Within which the circuit keeps the strengths of sets that stand beside each other, these slots.
algebra::Within within_of(const CircuitRun& run, const std::vector<SlotId>& strengths);

// What the equations start from, in a run that has not begun. `c_bar` is where the circuit has the
// immediate credit: with "random_feedback" the start has B_fb, the set that carries the error
// there. Throws Error{verification_failed} when that is declared and no set does.
algebra::Start start_of(const CircuitRun& run, SlotId c_bar, const Approximations& approximations);

}  // namespace apical

#pragma once

#include <vector>

#include "sim/verify/parts.hpp"

namespace apical {

// The circuit's synthetic gradient, found by what its rules are bound to.
struct SyntheticGradient {
    std::vector<SlotId> A;  // from the cells, the label and a constant
    std::vector<SlotId> T;  // its copy, set by set; empty when there is none
    int target_interval = 1;
    double rate_A = 0.0, rate_J = 0.0;  // rate_J: 0 for the exact Jacobian
    SlotId J;
    SlotId u;          // what teaches W
    SlotId carried;    // what goes back through J: A r~, or phi of it
    SlotId bootstrap;  // what arrives
    SlotId c_bar;
    SlotId target, error;  // c*, p - c*
    SlotId recalled;       // p, when it is made anew; unset when last step's u is held
};

// Needs the rules "dendritic", "bootstrap" and the one that makes J. Throws Error{bad_model} for
// what is missing.
SyntheticGradient synthetic_gradient_of(const CircuitRun& run, std::string_view jacobian_rule);

// Throws Error{verification_failed} when a target copy is declared and no copy is older than a
// step.
void check_target_copy(const SyntheticGradient& parts, const Approximations& approximations);

}  // namespace apical

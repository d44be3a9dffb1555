#pragma once

#include "sim/engine/plan/plan.hpp"

namespace apical {

// The plan of a program with fewer passes over its matrices: a change of a matrix is deferred to
// the next product with it, and products with the same matrices share a pass. Operations are chosen
// by what they read and write, never by the rule that asked for them. All numbers have the bits
// that Plan::compile gives them; deferred ones have them after Plan::flush, within a step after
// that of the phase. The state must be the program's and outlive the plan.
Plan fuse(const Program& program, State& state, const Kernels& kernels = best_kernels());

}  // namespace apical

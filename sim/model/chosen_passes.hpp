#pragma once

#include "circuits/text/keys.hpp"
#include "sim/engine/plan/passes.hpp"

namespace apical {

// The passes that a run applies: those of `passes` in [run], all when it is left out, without those
// that `fuse = false` leaves out. `table` is the section's; `passes` is taken out of it when it
// names all, so that the resolved model states it only where it says something. Throws
// Error{bad_model} for a pass that is named twice, out of order or against `fuse = false`.
PlanPasses choose_passes(const Section& run, Table& table);

}  // namespace apical

#pragma once

#include <vector>

#include "circuits/program/operation.hpp"
#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/state.hpp"

namespace apical {

// The steps of a `fire` that no formula performs. One voltage is its own drive; else the sum of
// gate times voltage is gathered in the state's scratch before. `whole` has what each of the steps
// begins with; `of_cells` says by place which operands have one number for each cell.
std::vector<Step> firing_steps(const Operation& op, const std::vector<bool>& of_cells,
                               const Step& whole, State& state, const Kernels& kernels);

}  // namespace apical

#pragma once

#include <optional>

#include "sim/engine/plan/fused_groups.hpp"

namespace apical {

// Whether two operations differ in their matrix and presynaptic factor (operand 2) alone, so that
// one pass can perform both.
bool are_alike(const OperationOrder& order, std::size_t a, std::size_t b);

// A change by programs of a group's matrices that are stored by rows, as one by factors and bounds,
// which takes half the time or less: if each program is a Hebbian change of the strengths, or of
// tags by which they are consolidated, and behind it at most a projection onto an interval
// (program_bounds.cpp), all with the same postsynaptic factors. It makes the same bits.
std::optional<DeferrableChange> bounded_change(const OperationOrder& order, const FusedGroup& group,
                                               const DeferrableChange& programs);

}  // namespace apical

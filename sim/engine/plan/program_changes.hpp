#pragma once

#include <optional>

#include "sim/engine/plan/fused_groups.hpp"
#include "sim/engine/plan/operation_order.hpp"

namespace apical {

// All changes of the group's matrices, with those of the tags that they read, if they can be made
// together in the group's place, before its products, as DeferrableChange::programs; none if they
// cannot, or if there is none but plain Hebbian ones.
std::optional<DeferrableChange> program_change(const OperationOrder& order,
                                               const FusedGroup& group);

}  // namespace apical

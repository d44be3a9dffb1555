#pragma once

#include <optional>

#include "circuits/program/formula.hpp"
#include "sim/engine/kernels/tiles.hpp"

namespace apical {

// The loop that a node of two values is, where it is one.
std::optional<TileJoin> join_of(Node node);
// The loop that a node of one value is; a power is several.
TileFunction function_of(Node node);

}  // namespace apical

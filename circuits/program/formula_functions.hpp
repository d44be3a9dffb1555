#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/program/formula.hpp"

namespace apical {

// The node that a function of equations is; nothing of one that is none, as of `clip`, which is a
// minimum of a maximum.
std::optional<Node> node_of_function(std::string_view name);

// The functions that are nodes, as texts call them, and `clip`.
std::vector<std::string> functions_of_formulas();

}  // namespace apical

#pragma once

#include <cstddef>
#include <optional>

#include "circuits/program/formula.hpp"

namespace apical {

// A part of a formula that is cut off at a number: min(x, bound) or max(x, bound), either way
// round.
struct Cut {
    bool above = false;  // numbers above the bound are cut off, else those below
    double bound = 0.0;
    std::size_t of = 0;  // the node of x
};

// What the node cuts off; nothing of any other node.
std::optional<Cut> cut_at(const Formula& formula, std::size_t node);

}  // namespace apical

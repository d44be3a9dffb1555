#pragma once

#include "circuits/program/program.hpp"

namespace apical {

// Throws std::logic_error naming the first operation whose operands do not fit each other: a rule's
// mistake, not a user's.
void check_shapes(const Program& program);

}  // namespace apical

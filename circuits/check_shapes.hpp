#pragma once

#include "circuits/program.hpp"

namespace apical {

// Throws std::logic_error with the listing line of the first operation whose operands do not fit
// each other: a rule's mistake, not a user's.
void check_shapes(const Program& program);

}  // namespace apical

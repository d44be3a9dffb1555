#pragma once

#include "circuits/equations/syntax.hpp"

namespace apical {

// What all terms of the expression are divided by, when it is one name; null when there is none.
const Expression* divisor_of(const Expression& expression);

}  // namespace apical

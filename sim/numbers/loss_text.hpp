#pragma once

#include <string>

#include "sim/numbers/number_text.hpp"

namespace apical {

// A loss as every command prints it: the same loss is the same text everywhere.
inline std::string loss_text(double loss) { return fixed_text(loss, 5); }

}  // namespace apical

#pragma once

#include <string_view>

#include "circuits/equations/syntax.hpp"

namespace apical {

// Throws Rejected, whose sentence begins with `who`, where the units of an activation's equation do
// not fit. Parameters have the units that their names say; the voltage and the rate are numbers.
void check_units(const Expression& equation, std::string_view who);

}  // namespace apical

#pragma once

#include <string>
#include <string_view>

namespace apical {

// Units of equations are powers of ms: 0 of a number, 1 of a time, -1 of one over a time. Rates,
// voltages and strengths are numbers.

// The unit that the end of a name says: "tau_ms", "leak_per_ms", any other a number.
double unit_of_name(std::string_view name);

// "a number", "a time", "one over a time", "a number of ms^2".
std::string unit_in_words(double unit);

}  // namespace apical

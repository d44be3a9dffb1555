#pragma once

#include <string>

namespace apical {

// A text as gnuplot takes it literally: in single quotes, in which nothing is expanded. Control
// characters and bytes that are no UTF-8 become "?".
std::string quoted(const std::string& text);

// gnuplot takes no numbers near the largest of doubles; what cannot be drawn is a gap.
bool can_be_drawn(double value);

// A number as gnuplot reads it, with all digits that tell it from others.
std::string number(double value);

// The least of 1, 2, 5 times a power of ten of which `span` has at most `most`.
double tick_step(double span, double most);

}  // namespace apical

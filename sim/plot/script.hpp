#pragma once

#include <string>

#include "sim/plot/figure.hpp"
#include "sim/plot/request.hpp"

namespace apical {

// A text as gnuplot takes it literally: in single quotes, in which nothing is expanded. Control
// characters and bytes that are no UTF-8 become "?".
std::string quoted(const std::string& text);

// The least of 1, 2, 5 times a power of ten for which `span` has at most `most` steps.
double tick_step(double span, double most);

// All that gnuplot needs, data included. `output` is the file that it makes; of the kind `script`
// it is an SVG.
std::string gnuplot_script(const Figure& figure, FigureKind kind, const std::string& output);

}  // namespace apical

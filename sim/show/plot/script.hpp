#pragma once

#include <string>

#include "sim/show/plot/figure.hpp"
#include "sim/show/plot/request.hpp"

namespace apical {

// All that gnuplot needs, data included. `output` is the file that it makes, stdout when it is
// empty; of the kind `script` it is an SVG. Throws what layout_of throws.
std::string gnuplot_script(const Figure& figure, FigureKind kind, const std::string& output);

}  // namespace apical

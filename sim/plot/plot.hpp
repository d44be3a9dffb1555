#pragma once

#include "sim/plot/request.hpp"

namespace apical {

// Draws what is asked for into `request.output`, which appears whole or not at all and replaces a
// figure of that name. Throws what read_figure and run_gnuplot throw, and
// Error{cannot_create_output}.
void plot(const PlotRequest& request);

}  // namespace apical

#pragma once

#include "sim/plot/request.hpp"

namespace apical {

// Draws what is asked for into `request.output`, which appears whole or not at all and replaces a
// figure of that name. Throws what read_figure, gnuplot_script and drawn_by_gnuplot throw,
// Error{cannot_create_output}, and Error{input_output_error} when the disk is full.
void plot(const PlotRequest& request);

// Likewise the learning curves of a sweep's result (read_sweep_figure).
void plot_sweep(const std::string& path, const std::string& output, double width_cm);

}  // namespace apical

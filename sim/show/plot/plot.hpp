#pragma once

#include "sim/show/plot/request.hpp"

namespace apical {

// Returns what whoever reads the figure should know. Draws what is asked for into `request.output`,
// which appears whole or not at all and replaces a figure of that name. Throws what read_figure,
// gnuplot_script and drawn_by_gnuplot throw, Error{cannot_create_output}, and
// Error{input_output_error} when the disk is full.
std::vector<std::string> plot(const PlotRequest& request);

struct SweepPlotRequest {
    std::string path, output;
    std::string against;  // a swept key; learning curves when it is empty
    LogAxes log;
    double width_cm = 8.6;
};

// Draws a sweep's result as `plot` does: its learning curves (read_sweep_figure), or its losses
// against a key (read_against). Throws what these, read_result and `plot` throw.
std::vector<std::string> plot_sweep(const SweepPlotRequest& request);

}  // namespace apical

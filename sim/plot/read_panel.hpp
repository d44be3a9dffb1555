#pragma once

#include "sim/plot/asked.hpp"
#include "sim/plot/figure.hpp"

namespace apical {

// What all curves of a figure share.
struct CurveAxis {
    bool in_ms = false;  // in steps otherwise
    double step_ms = 0.0;
    std::vector<double> phase_end_ms;
    StepRange steps;  // that are drawn
};

// Whether each phase of it is drawn in time.
bool is_held(const Asked& asked, const PlotRequest& request);

// Curves by group of runs, of each cell that is asked for. Throws Error{usage} when nothing was
// sampled in these steps, or cells, steps or blocks do not fit.
CurvePanel read_curves(const Runs& runs, const Asked& asked, const PlotRequest& request,
                       const CurveAxis& axis);

// A panel for each group of runs; the colours of all have the same range.
std::vector<MatrixPanel> read_matrices(const Runs& runs, const Asked& asked,
                                       const PlotRequest& request);

}  // namespace apical

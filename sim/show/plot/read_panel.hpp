#pragma once

#include "sim/show/plot/figure.hpp"
#include "sim/show/plot/selection.hpp"

namespace apical {

// What all curves of a figure share.
struct CurveAxis {
    bool in_ms = false;  // in steps otherwise
    double step_ms = 0.0;
    std::vector<double> phase_end_ms;
    // When each phase begins; of one in turn with others its last iteration, which is recorded.
    std::vector<double> phase_begin_ms;
    StepRange steps;  // that are drawn
};

// Whether each phase of it is drawn in time.
bool is_in_time(const Selection& selection, const PlotRequest& request);

// The rows of these steps that curves are drawn of. What there was before the first step has no
// phases to be drawn in time, and is left out where it is not a number.
RowRange drawn_rows(const StoredRun& run, const StoredQuantity& quantity, const StepRange& steps,
                    bool in_time);

// Curves by group of runs, of each cell that is asked for. Throws Error{usage} when nothing was
// sampled in these steps, or cells, steps or blocks do not fit.
CurvePanel read_curves(const Runs& runs, const Selection& selection, const PlotRequest& request,
                       const CurveAxis& axis);

// The population whose spikes an address names, as all runs have them; empty of any other address.
std::string spiking_cells_of(const Runs& runs, const std::string& address);
// A raster for each run. Throws Error{usage} for more spikes than can be told apart, for cells that
// there are not, and for the mean of runs.
std::vector<CurvePanel> read_rasters(const Runs& runs, const std::string& population,
                                     const PlotRequest& request, const CurveAxis& axis);

// When the experimenter's events of the runs begin and end, by their models, in the steps that are
// drawn; none of events that come too often to be told apart, of which `notes` has a line.
std::vector<Mark> read_marks(const Runs& runs, const CurveAxis& axis,
                             std::vector<std::string>& notes);

// A panel for each group of runs; the colours of all have the same range.
std::vector<MatrixPanel> read_matrices(const Runs& runs, const Selection& selection,
                                       const PlotRequest& request);

}  // namespace apical

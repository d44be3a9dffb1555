#pragma once

#include <vector>

#include "sim/show/plot/read_panel.hpp"

namespace apical {

// How far the gates of the populations that are drawn are open, in these steps: by the model's
// timetable, or, where cells make a gate or it is late, slow or may fail, as the run has recorded
// it: by its events, which know when it moved, or else its mean over each phase, and over cells.
std::vector<Timetable> read_gates(const StoredRun& run, const Circuit& circuit,
                                  const std::vector<Selection>& all, const PlotRequest& request,
                                  const CurveAxis& axis);

}  // namespace apical

#pragma once

#include "sim/show/plot/figure.hpp"
#include "sim/show/plot/request.hpp"

namespace apical {

// Reads what is asked for, and no more, from the run files. Throws what StoredRun throws, and
// Error{usage} when a step, a cell or a phase does not exist, when an option belongs to nothing
// that is drawn, or when the runs do not fit together.
Figure read_figure(const PlotRequest& request);

// Counts an axis of steps, whose ends are known, in ones or in thousands, and says which.
void label_steps(Figure& figure);

}  // namespace apical

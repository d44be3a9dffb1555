#pragma once

#include "sim/show/plot/figure.hpp"
#include "sim/show/plot/request.hpp"

namespace apical {

// Makes axes of curves logarithmic. What is not above 0 has no place on them: it becomes a gap, the
// panel's title says how many points of how many, and a band that reaches below 0 ends at the least
// that is drawn. Throws Error{usage} when there are no curves, when nothing of a panel is above 0,
// and for x when the axis is time.
void make_logarithmic(Figure& figure, const LogAxes& log);

}  // namespace apical

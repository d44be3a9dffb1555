#pragma once

#include "sim/show/plot/figure.hpp"

namespace apical {

// What an axis shows; both ends of a logarithmic one are above 0.
struct AxisRange {
    double low = 0.0, high = 1.0;
    bool is_log = false;

    // The place on the axis: 0 at its lower end, 1 at its upper one.
    double part(double value) const;
};

// All that is drawn, and a little more.
AxisRange range_of(const CurvePanel& panel);
// The range of x in what the axis counts.
AxisRange x_range_of(const Figure& figure);

// How many numbers fit on a y axis so high.
double most_y_ticks(double height_cm);

}  // namespace apical

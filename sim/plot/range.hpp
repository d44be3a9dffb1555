#pragma once

#include "sim/plot/figure.hpp"

namespace apical {

// What an axis shows.
struct AxisRange {
    double low = 0.0, high = 1.0;
};

// All that is drawn, and a little more.
AxisRange range_of(const CurvePanel& panel);
// Between two numbers on the y axis of a panel so high.
double y_tick(const AxisRange& range, double height_cm);

}  // namespace apical

#include "sim/plot/range.hpp"

#include <algorithm>
#include <cmath>

#include "sim/plot/script_text.hpp"

namespace apical {

AxisRange range_of(const CurvePanel& panel) {
    double low = INFINITY, high = -INFINITY;
    const auto take = [&](double value) {
        if (!can_be_drawn(value)) return;
        low = std::min(low, value);
        high = std::max(high, value);
    };
    for (const Curve& curve : panel.curves) {
        for (const Point& point : curve.points) {
            take(point.low);
            take(point.high);
        }
    }
    for (const Level& level : panel.levels) take(level.y);
    if (low > high) return {};
    const double least = std::max(std::abs(low), std::abs(high)) * 1e-6;
    const double margin = std::max({0.06 * (high - low), least, 1e-12});
    return {low - margin, high + margin};
}

double y_tick(const AxisRange& range, double height_cm) {
    constexpr double apart_cm = 0.6;
    return tick_step(range.high - range.low, height_cm / apart_cm);
}

}  // namespace apical

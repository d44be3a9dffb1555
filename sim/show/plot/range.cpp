#include "sim/show/plot/range.hpp"

#include <algorithm>
#include <cmath>

#include "sim/show/plot/script_text.hpp"

namespace apical {

namespace {

// The margin at each end of a range, as a share of the range.
constexpr double margin_part = 0.06;

// A constant stands in the middle, and 0 between -1 and 1.
AxisRange with_margins(double low, double high) {
    constexpr double narrowest = 1e-290;  // gnuplot's
    const double least = std::max(std::abs(low), std::abs(high)) * 1e-6;
    const double margin = std::max(margin_part * (high - low), least);
    return margin < narrowest ? AxisRange{-1.0, 1.0} : AxisRange{low - margin, high + margin};
}

AxisRange with_log_margins(double low, double high) {
    constexpr double smallest = 1e-307, largest = 1e307;  // that have neighbours on both sides
    const double factor = std::max(std::exp(margin_part * (std::log(high) - std::log(low))), 1.02);
    return {std::max(low / factor, smallest), std::min(high * factor, largest), true};
}

}  // namespace

double AxisRange::part(double value) const {
    if (!is_log) return (value - low) / (high - low);
    return (std::log(value) - std::log(low)) / (std::log(high) - std::log(low));
}

AxisRange range_of(const CurvePanel& panel) {
    if (panel.is_raster())
        return {static_cast<double>(panel.first_cell) - 0.5,
                static_cast<double>(panel.end_cell) - 0.5};
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
    if (low > high) return panel.is_log ? AxisRange{1.0, 10.0, true} : AxisRange{};
    return panel.is_log ? with_log_margins(low, high) : with_margins(low, high);
}

AxisRange x_range_of(const Figure& figure) {
    return {figure.x.begin / figure.x_per_unit, figure.x.end / figure.x_per_unit, figure.log_x};
}

double most_y_ticks(double height_cm) {
    constexpr double apart_cm = 0.6;
    return height_cm / apart_cm;
}

}  // namespace apical

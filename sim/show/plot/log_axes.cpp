#include "sim/show/plot/log_axes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/show/plot/script_text.hpp"
#include "sim/show/plot/selection.hpp"

namespace apical {

namespace {

template <class Action>
void for_each_panel(Figure& figure, Action action) {
    for (Panel& panel : figure.panels)
        if (auto* curves = std::get_if<CurvePanel>(&panel)) action(*curves);
}

template <class Action>
void for_each_point(CurvePanel& panel, Action action) {
    for (Curve& curve : panel.curves)
        for (Point& point : curve.points) action(point);
}

void lose(Point& point) { point.y = point.low = point.high = std::nan(""); }

// Makes gaps of the points that have no place, and says so in the panel's title.
template <class Coordinate>
void leave_out(CurvePanel& panel, char axis, Coordinate coordinate) {
    std::size_t points = 0, left_out = 0;
    double lowest = INFINITY;
    for_each_point(panel, [&](Point& point) {
        if (!can_be_drawn(point.y)) return;
        ++points;
        const double value = coordinate(point);
        if (value > 0.0) return;
        ++left_out;
        lowest = std::min(lowest, value);
        lose(point);
    });
    if (points > 0 && left_out == points)
        refuse(
            fmt::format("`log` {}: nothing of \"{}\" is above 0 (the lowest is {:.4g}), and a "
                        "logarithmic axis has no other numbers",
                        axis, panel.title, lowest));
    if (left_out > 0)
        panel.title += fmt::format(" ({} of {} points are not above 0)", left_out, points);
}

void make_y_logarithmic(CurvePanel& panel) {
    leave_out(panel, 'y', [](const Point& point) { return point.y; });
    double least = INFINITY;  // that is drawn
    for_each_point(panel, [&](const Point& point) {
        for (const double value : {point.y, point.low})
            if (value > 0.0) least = std::min(least, value);
    });
    for_each_point(panel, [&](Point& point) {
        if (point.low <= 0.0) point.low = least;
    });
    std::erase_if(panel.levels, [](const Level& level) { return level.y <= 0.0; });
    panel.is_log = true;
}

void make_x_logarithmic(Figure& figure) {
    double first = INFINITY;
    for_each_panel(figure, [&](CurvePanel& panel) {
        leave_out(panel, 'x', [](const Point& point) { return point.x; });
        for_each_point(panel, [&](const Point& point) {
            if (point.x > 0.0) first = std::min(first, point.x);
        });
    });
    if (figure.x.begin <= 0.0) figure.x.begin = first;
    if (!(figure.x.begin < figure.x.end)) figure.x = {figure.x.end / 2.0, figure.x.end * 2.0};
    // Powers of ten count for themselves.
    if (figure.x_per_unit != 1.0) figure.x_label = "step";
    figure.x_per_unit = 1.0;
    figure.log_x = true;
}

}  // namespace

void make_logarithmic(Figure& figure, const LogAxes& log) {
    if (!log.x && !log.y) return;
    const bool any = std::any_of(figure.panels.begin(), figure.panels.end(), [](const Panel& one) {
        return std::holds_alternative<CurvePanel>(one);
    });
    if (!any) refuse("`log` is of curves, and only matrices are drawn");
    if (log.x && figure.in_time)
        refuse(
            "`log` x is of steps, and traces are drawn over time; ask for one phase of them with "
            "`phase`");
    if (log.x) make_x_logarithmic(figure);
    const auto make_y = [](CurvePanel& panel) {
        if (panel.is_raster())
            refuse(fmt::format("`log` y: the cells of \"{}\" are counted one by one", panel.title));
        make_y_logarithmic(panel);
    };
    if (log.y) for_each_panel(figure, make_y);
}

}  // namespace apical

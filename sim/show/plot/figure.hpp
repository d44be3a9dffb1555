#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace apical {

// A place on a curve: x in ms or steps; a mean has `low` and `high` one S.E.M. away, anything else
// both at y. What is not a number is a gap.
struct Point {
    double x = 0.0, y = 0.0, low = 0.0, high = 0.0;
};

// Colour and dash as a number each, into the tables of palette.hpp.
struct LineStyle {
    std::size_t colour = 0, dash = 0;
    bool operator==(const LineStyle&) const = default;
};

struct Curve {
    std::string name;  // for the legend
    LineStyle style;
    bool is_mean = false;  // it has a band
    bool is_held = false;  // each y holds from its x to that of the next point
    std::vector<Point> points;
    bool has_dots = false;   // each point is a dot, and in place of a band its S.E.M. a line
    bool is_raster = false;  // each point is a spike of cell y: a tick
};

// A horizontal line to compare with.
struct Level {
    std::string name;
    double y = 0.0;
};

// A stretch of time, in ms; of a gate that leaks in it, `share` is what is left of the path.
struct Stretch {
    double begin = 0.0, end = 0.0;
    double share = 1.0;
};

struct CurvePanel {
    std::string title, label;  // "hidden.apical.v", "u (mV)"
    std::vector<Curve> curves;
    std::vector<Level> levels;
    bool is_log = false;  // the y axis; all of it is above 0
    // The cells whose spikes a raster shows, which its y axis counts; none of any other panel.
    std::size_t first_cell = 0, end_cell = 0;

    bool is_raster() const { return end_cell > 0; }
};

struct MatrixPanel {
    std::string title, label;
    std::size_t rows = 0, columns = 0;
    std::vector<double> numbers;  // row-major, rows postsynaptic
    double largest = 0.0;         // absolute value at both ends of the colours
    // Which cells the rows and the columns are of, rising; empty: all, in order.
    std::vector<std::size_t> postsynaptic = {}, presynaptic = {};
    bool lacks_synapses = false;  // what has no number is no synapse
    bool by_iteration = false;    // rows are iterations of a step, columns cells
};

using Panel = std::variant<CurvePanel, MatrixPanel>;

// The times when something goes on, step after step: a phase, or a gate that is open, by the
// model's timetable or as a run has recorded it.
struct Timetable {
    std::string name;
    std::vector<Stretch> stretches;
    bool is_recorded = false;         // it is what was, beside what is meant to be:
    std::vector<Stretch> meant = {};  // of a recorded one
};

// A time that is marked in all curves, in ms or steps: an event begins there, or it is over.
struct Mark {
    std::string name;
    double x = 0.0;
    bool is_end = false;
    bool is_named = false;  // the name stands beside it: the first beginning of the name
};

struct Figure {
    double width_cm = 8.6;
    std::string x_label;      // of all curves
    double x_per_unit = 1.0;  // 1000 for an axis in thousands of what the points count
    bool in_time = false;     // ms; steps, or a parameter, otherwise
    bool log_x = false;       // what it shows is above 0
    Stretch x;                // what the axis shows
    double least_tick = 0.0;  // between its numbers, in what the points count
    std::vector<Panel> panels;
    std::vector<Timetable> phases;  // from the second on; shaded
    std::vector<Timetable> gates;   // drawn under the last panel of curves
    std::vector<Mark> marks;
    std::vector<std::string> notes;  // what is not drawn, and whoever reads it should know
};

}  // namespace apical

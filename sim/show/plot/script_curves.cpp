#include <algorithm>
#include <vector>

#include "sim/show/plot/palette.hpp"
#include "sim/show/plot/range.hpp"
#include "sim/show/plot/script_panels.hpp"
#include "sim/show/plot/script_text.hpp"
#include "sim/show/plot/text_width.hpp"

namespace apical {

namespace {

constexpr double label_gap = 0.27;

// Whether a point is without a neighbour to draw a line to.
bool is_alone(const std::vector<Point>& points, std::size_t at) {
    const auto is_there = [&](std::size_t k) {
        return k < points.size() && can_be_drawn(points[k].y);
    };
    return is_there(at) && !is_there(at + 1) && (at == 0 || !is_there(at - 1));
}

bool is_dot(const Curve& curve, std::size_t at) {
    if (curve.is_raster) return false;
    if (curve.has_dots) return can_be_drawn(curve.points[at].y);
    return !curve.is_held && is_alone(curve.points, at);
}

bool has_lone_points(const Curve& curve) {
    for (std::size_t at = 0; at < curve.points.size(); ++at)
        if (is_dot(curve, at)) return true;
    return false;
}

bool has_band(const Curve& curve) { return curve.is_mean && !curve.has_dots; }

// x and y; of what is held also the x at which it ends.
void add_points(Canvas& canvas, const Curve& curve, double per_unit) {
    for (std::size_t at = 0; at < curve.points.size(); ++at) {
        const Point& point = curve.points[at];
        canvas.add("{} {}", number(point.x / per_unit), number(point.y));
        const std::size_t next = std::min(at + 1, curve.points.size() - 1);
        if (curve.is_held) canvas.add(" {}", number(curve.points[next].x / per_unit));
        canvas.add("\n");
    }
}

// x, y and both ends of the S.E.M.
void add_lone_points(Canvas& canvas, const Curve& curve, double per_unit) {
    for (std::size_t at = 0; at < curve.points.size(); ++at) {
        const Point& point = curve.points[at];
        if (is_dot(curve, at))
            canvas.add("{} {} {} {}\n", number(point.x / per_unit), number(point.y),
                       number(point.low), number(point.high));
    }
}

// Both ends of the S.E.M.; a gap begins another stretch of it.
void add_band(Canvas& canvas, const Curve& curve, double per_unit) {
    const auto& points = curve.points;
    const auto add = [&](double x, const Point& point) {
        canvas.add("{} {} {}\n", number(x / per_unit), number(point.low), number(point.high));
    };
    for (std::size_t at = 0; at < points.size(); ++at) {
        const Point& point = points[at];
        if (!can_be_drawn(point.low) || !can_be_drawn(point.high)) {
            canvas.add("\n");
            continue;
        }
        add(point.x, point);
        if (curve.is_held && at + 1 < points.size()) add(points[at + 1].x, point);
    }
}

// Whether no panel of curves stands above it.
bool is_uppermost(const Figure& figure, std::size_t panel) {
    for (std::size_t k = 0; k < panel; ++k)
        if (std::holds_alternative<CurvePanel>(figure.panels[k])) return false;
    return true;
}

// Adds the axis, with numbers and label only under the last.
void add_x_axis(Canvas& canvas, const Figure& figure, const Box& box, bool labels) {
    const AxisRange range = x_range_of(figure);
    std::vector<Tick> ticks =
        ticks_along(range, box.width(), figure.least_tick / figure.x_per_unit);
    if (!labels) {
        std::erase_if(ticks, [](const Tick& one) { return one.label.empty(); });
        for (Tick& one : ticks) one.label.clear();
    }
    canvas.add("unset logscale x\nset xrange [{}:{}]\n{}set xtics {}\n", range.low, range.high,
               range.is_log ? "set logscale x 10\n" : "", list_of_ticks(ticks));
    if (labels) {
        canvas.add("set xlabel {} offset 0,0.4\n", quoted(figure.x_label));
    } else {
        canvas.add("unset xlabel\n");
    }
}

void add_phases(Canvas& canvas, const Figure& figure) {
    for (std::size_t p = 0; p < figure.phases.size(); ++p)
        for (const Stretch& one : figure.phases[p].stretches)
            canvas.add_rectangle(fmt::format("first {}, graph 0", one.begin / figure.x_per_unit),
                                 fmt::format("first {}, graph 1", one.end / figure.x_per_unit),
                                 shade_of(p + 1, figure.phases.size()), "behind");
}

// Beside the right end of its line; names that would lie on each other move apart.
void add_levels(Canvas& canvas, const CurvePanel& panel, const AxisRange& range, const Box& box) {
    std::vector<Level> levels = panel.levels;
    std::sort(levels.begin(), levels.end(), [](auto& a, auto& b) { return a.y < b.y; });
    std::vector<double> places;
    for (const Level& level : levels)
        places.push_back(box.bottom + range.part(level.y) * box.height());
    places = pushed_apart(places, label_gap, box.bottom + 0.05, box.top - 0.05);
    for (std::size_t k = 0; k < levels.size(); ++k) {
        const Level& level = levels[k];
        canvas.add(
            "set arrow from graph 0, first {} to graph 1, first {} nohead back lw 0.6 lc rgb "
            "'#7F7F7F' dt (6,4)\n",
            level.y, level.y);
        canvas.add("set label {} at {} left font ',{}' tc rgb '#4D4D4D' front\n",
                   quoted(level.name), canvas.place(box.right + 0.1, places[k]), small_font);
    }
}

// Lines of names that stand beside marks, from above downwards: each name is in the first one in
// which there is room.
class NamesOfMarks {
public:
    NamesOfMarks(const Figure& figure, double width_cm)
        : width_of_letter_(letter_cm * (figure.x.end - figure.x.begin) /
                           (figure.x_per_unit * width_cm)) {}

    std::size_t line_of(const std::string& name, double x) {
        const double end = x + width_of_letter_ * static_cast<double>(name.size() + 1);
        const auto is_in_the_way = [&](const Name& one) { return one.begin < end && one.end > x; };
        std::size_t line = 0;
        while (line < lines_.size() && std::ranges::any_of(lines_[line], is_in_the_way)) ++line;
        if (line == lines_.size()) lines_.emplace_back();
        lines_[line].push_back({x, end});
        return line;
    }

private:
    static constexpr double letter_cm = 0.11;
    double width_of_letter_;
    struct Name {
        double begin, end;
    };
    std::vector<std::vector<Name>> lines_;
};

// A line from below to above where an event begins, a dotted one where it is over. `names`: beside
// the line, which the uppermost panel has.
void add_marks(Canvas& canvas, const Figure& figure, double width_cm, bool names) {
    NamesOfMarks lines(figure, width_cm);
    for (const Mark& one : figure.marks) {
        const double x = one.x / figure.x_per_unit;
        if (figure.log_x && !(x > 0.0)) continue;
        canvas.add(
            "set arrow from first {0}, graph 0 to first {0}, graph 1 nohead back lw 0.8 lc rgb "
            "'{1}' dt {2}\n",
            x, mark_colour, one.is_end ? "(2,4)" : "1");
        if (names && one.is_named)
            canvas.add(
                "set label {} at first {}, graph 1 left offset character 0.4,{:.1f} font ',{}' tc "
                "rgb "
                "'{}' front\n",
                quoted(one.name), x, -0.6 - static_cast<double>(lines.line_of(one.name, x)),
                small_font, mark_colour);
    }
}

std::string data_block(const char* kind, std::size_t panel, std::size_t curve) {
    return fmt::format("$panel{}_{}{}", panel + 1, kind, curve + 1);
}

// Held values have fine risers, which hide no other curve.
void add_plots(std::vector<std::string>& all, const Curve& curve, std::size_t panel,
               std::size_t c) {
    const std::string data = data_block("curve", panel, c);
    const std::string line = line_of(curve.style);
    if (curve.is_raster) {
        all.push_back(
            curve.points.empty()
                ? "NaN"
                : fmt::format("{} using 1:($2-0.4):(0):(0.8) with vectors nohead {}", data, line));
        return;
    }
    if (curve.is_held) {
        all.push_back(fmt::format("{} using 1:2 with steps lw 0.3 lc rgb '{}'", data,
                                  colour_of(curve.style)));
        all.push_back(fmt::format("{} using 1:2:($3-$1):(0) with vectors nohead {}", data, line));
        return;
    }
    all.push_back(fmt::format("{} using 1:2 with lines {}", data, line));
    if (!has_lone_points(curve)) return;
    const std::string lone = data_block("lone", panel, c);
    all.push_back(fmt::format("{} using 1:2 with points {}", lone, dot_of(curve.style)));
    if (curve.is_mean)
        all.push_back(fmt::format("{} using 1:3:(0):($4-$3) with vectors nohead {}", lone, line));
}

std::vector<std::string> plots(std::size_t k, const CurvePanel& panel) {
    std::vector<std::string> all;
    for (std::size_t c = 0; c < panel.curves.size(); ++c)
        if (has_band(panel.curves[c]))
            all.push_back(fmt::format(
                "{} using 1:2:3 with filledcurves fc rgb '{}' fs transparent solid 0.25 noborder",
                data_block("band", k, c), colour_of(panel.curves[c].style)));
    for (std::size_t c = 0; c < panel.curves.size(); ++c) add_plots(all, panel.curves[c], k, c);
    return all;
}

}  // namespace

void add_curve_data(Canvas& canvas, const Figure& figure, std::size_t panel) {
    const auto& curves = std::get<CurvePanel>(figure.panels[panel]).curves;
    for (std::size_t c = 0; c < curves.size(); ++c) {
        const auto add_block = [&](const char* kind, auto add_lines) {
            canvas.add("{} << EOD\n", data_block(kind, panel, c));
            add_lines(canvas, curves[c], figure.x_per_unit);
            canvas.add("EOD\n");
        };
        add_block("curve", add_points);
        if (has_lone_points(curves[c])) add_block("lone", add_lone_points);
        if (has_band(curves[c])) add_block("band", add_band);
    }
}

void add_curves(Canvas& canvas, const Figure& figure, const Layout& layout, std::size_t k) {
    const auto& panel = std::get<CurvePanel>(figure.panels[k]);
    const Box& box = layout.panels[k];
    const AxisRange range = range_of(panel);
    canvas.add_margins(box);
    add_x_axis(canvas, figure, box, layout.has_x_labels[k]);
    const std::vector<Tick> ticks =
        ticks_of(range, most_y_ticks(box.height()), panel.is_raster() ? 1.0 : 0.0);
    canvas.add("unset logscale y\nset border 3\nset yrange [{}:{}]\n{}set ytics {}\nunset ylabel\n",
               range.low, range.high, range.is_log ? "set logscale y 10\n" : "",
               list_of_ticks(ticks));
    add_phases(canvas, figure);
    canvas.add_title(layout.titles[k], box);
    canvas.add_y_label(panel.label, box);
    add_levels(canvas, panel, range, box);
    add_marks(canvas, figure, box.width(), is_uppermost(figure, k));
    canvas.add("plot {}\n", fmt::join(plots(k, panel), ", \\\n     "));
}

void add_gates(Canvas& canvas, const Figure& figure, const Box& box) {
    const auto rows = static_cast<double>(figure.gates.size());
    canvas.add_margins(box);
    add_x_axis(canvas, figure, box, true);
    canvas.add("unset logscale y\nset border 1\nset yrange [0:{}]\nunset ytics\n", rows);
    add_phases(canvas, figure);
    for (std::size_t g = 0; g < figure.gates.size(); ++g) {
        const double middle = rows - 0.5 - static_cast<double>(g);
        const auto corner = [&](double ms, double y) {
            return fmt::format("first {}, first {}", ms / figure.x_per_unit, y);
        };
        canvas.add("set label {} at {} right font ',{}' front\n", quoted(figure.gates[g].name),
                   canvas.place(box.left - 0.1, box.bottom + middle / rows * box.height()),
                   small_font);
        const auto add_bar = [&](const Stretch& one, const char* colour) {
            const double share = std::min(one.share, 1.0);
            canvas.add_rectangle(
                corner(one.begin, middle - 0.3),
                corner(one.end, share == 1.0 ? middle + 0.3 : middle - 0.3 + 0.6 * share), colour,
                "front");
        };
        for (const Stretch& one : figure.gates[g].meant) add_bar(one, meant_gate);
        for (const Stretch& one : figure.gates[g].stretches) add_bar(one, open_gate);
    }
    canvas.add("plot NaN\n");
}

std::string colour_of(const LineStyle& style) { return colours.at(style.colour); }

std::string line_of(const LineStyle& style) {
    return fmt::format("lw 0.8 lc rgb '{}' dt {}", colour_of(style), dashes.at(style.dash));
}

std::string dot_of(const LineStyle& style) {
    return fmt::format("pt 7 ps 0.5 lc rgb '{}'", colour_of(style));
}

std::string shade_of(std::size_t phase, std::size_t phases) {
    constexpr std::size_t lightest = 0xEA, darkest = 0x9A, apart = 0x14;
    const std::size_t step =
        std::min(apart, (lightest - darkest) / std::max<std::size_t>(1, phases));
    const std::size_t grey = lightest - (phase - 1) * step;
    return fmt::format("#{0:02X}{0:02X}{0:02X}", grey);
}

}  // namespace apical

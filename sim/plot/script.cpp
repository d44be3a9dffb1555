#include "sim/plot/script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "sim/plot/layout.hpp"
#include "sim/plot/script_text.hpp"

namespace apical {

namespace {

// Okabe and Ito's colours, which the colour-blind can tell apart, without yellow; black is for
// what has no name in the legend.
constexpr const char* colours[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                   "#E69F00", "#56B4E9", "#000000"};
constexpr const char* dashes[] = {"solid", "(9,5)", "(2,4)", "(12,4,2,4)"};
constexpr const char* shades[] = {"#EAEAEA", "#D6D6D6", "#C2C2C2"};
constexpr const char* open_gate = "#4D4D4D";
constexpr double small_font = 7.0, label_gap = 0.27, tick_cm = 1.0, y_tick_cm = 0.6;
constexpr double name_cm = 2.4;  // what the name of a matrix's side takes

// As gnuplot reads it; all digits that tell the number from others.
std::string number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : "NaN"; }

// Sizes in pixels are for 96 (SVG) and 300 (PNG) to the inch.
std::string terminal(FigureKind kind, const Layout& layout) {
    const auto pixels = [](double cm, double dpi) { return std::lround(cm / 2.54 * dpi); };
    constexpr const char* font = "font 'Helvetica,8' noenhanced background rgb 'white'";
    if (kind == FigureKind::pdf)
        return fmt::format("pdfcairo size {:.3f}cm,{:.3f}cm fontscale 0.75 linewidth 1.6 {}",
                           layout.width, layout.height, font);
    if (kind == FigureKind::png)
        return fmt::format("pngcairo size {},{} fontscale {:.4f} linewidth {:.4f} dashlength 2 {}",
                           pixels(layout.width, 300.0), pixels(layout.height, 300.0), 300.0 / 96.0,
                           300.0 / 96.0, font);
    return fmt::format("svg size {},{} fontscale {:.4f} linewidth {:.4f} {}",
                       pixels(layout.width, 96.0), pixels(layout.height, 96.0), 96.0 / 72.0,
                       96.0 / 72.0, font);
}

const char* colour_of(const LineStyle& style) { return colours[style.colour % std::size(colours)]; }

std::string line_of(const LineStyle& style) {
    return fmt::format("lw 0.8 lc rgb '{}' dt {}", colour_of(style),
                       dashes[style.dash % std::size(dashes)]);
}

const char* shade_of(std::size_t phase) { return shades[(phase - 1) % std::size(shades)]; }

struct Range {
    double low = 0.0, high = 1.0;
};

// All that is drawn, and a little more.
Range range_of(const CurvePanel& panel) {
    double low = INFINITY, high = -INFINITY;
    const auto take = [&](double value) {
        if (!std::isfinite(value)) return;
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

class Script {
public:
    Script(const Figure& figure, FigureKind kind, const std::string& output)
        : figure_(figure), layout_(layout_of(figure)) {
        add("set terminal {}\n", terminal(kind, layout_));
        add("set output {}\n", quoted(output));
        add("set encoding utf8\nset datafile missing NaN\nunset key\nset border 3 lw 0.5\n"
            "set tics nomirror out scale 0.5 font ',{}'\n",
            small_font);
        for (std::size_t k = 0; k < figure.panels.size(); ++k) add_data(k);
    }

    std::string text() {
        add("set multiplot\n");
        add_legend();
        for (std::size_t k = 0; k < figure_.panels.size(); ++k) {
            if (const auto* curves = std::get_if<CurvePanel>(&figure_.panels[k])) {
                add_curves(k, *curves);
            } else {
                add_matrix(k, std::get<MatrixPanel>(figure_.panels[k]));
            }
            add("unset label\nunset arrow\nunset object\n");
        }
        if (!figure_.gates.empty()) add_gates();
        add("unset multiplot\nunset output\n");
        return std::move(text_);
    }

private:
    template <class... Parts>
    void add(fmt::format_string<Parts...> format, Parts&&... parts) {
        fmt::format_to(std::back_inserter(text_), format, std::forward<Parts>(parts)...);
    }

    double x(double cm) const { return cm / layout_.width; }
    double y(double cm) const { return cm / layout_.height; }
    std::string place(double cm_x, double cm_y) const {
        return fmt::format("screen {:.5f}, screen {:.5f}", x(cm_x), y(cm_y));
    }

    void add_data(std::size_t k) {
        if (const auto* matrix = std::get_if<MatrixPanel>(&figure_.panels[k])) {
            add("$panel{} << EOD\n", k + 1);
            add_numbers(*matrix);
            add("EOD\n");
            return;
        }
        const auto& curves = std::get<CurvePanel>(figure_.panels[k]).curves;
        for (std::size_t c = 0; c < curves.size(); ++c) {
            add("$panel{}_curve{} << EOD\n", k + 1, c + 1);
            add_points(curves[c]);
            add("EOD\n");
            if (curves[c].is_mean) add_band(k, c, curves[c]);
        }
    }

    // gnuplot draws no image of one row or column: what is alone comes twice, the second time
    // outside of the axes.
    void add_numbers(const MatrixPanel& matrix) {
        for (std::size_t i = 0; i < std::max<std::size_t>(2, matrix.rows); ++i) {
            const std::size_t row = std::min(i, matrix.rows - 1) * matrix.columns;
            for (std::size_t j = 0; j < std::max<std::size_t>(2, matrix.columns); ++j)
                add("{}{}", j == 0 ? "" : " ",
                    number(matrix.numbers[row + std::min(j, matrix.columns - 1)]));
            add("\n");
        }
    }

    // x and y; of what is held also the x at which it ends.
    void add_points(const Curve& curve) {
        for (std::size_t at = 0; at < curve.points.size(); ++at) {
            const Point& point = curve.points[at];
            add("{} {}", number(point.x / figure_.x_per_unit), number(point.y));
            const std::size_t next = std::min(at + 1, curve.points.size() - 1);
            if (curve.is_held) add(" {}", number(curve.points[next].x / figure_.x_per_unit));
            add("\n");
        }
    }

    // Both ends of the S.E.M.; a gap begins another stretch of it.
    void add_band(std::size_t k, std::size_t c, const Curve& curve) {
        add("$panel{}_band{} << EOD\n", k + 1, c + 1);
        const auto& points = curve.points;
        for (std::size_t at = 0; at < points.size(); ++at) {
            const Point& point = points[at];
            if (!std::isfinite(point.low) || !std::isfinite(point.high)) {
                add("\n");
                continue;
            }
            add_band_point(point.x, point);
            if (curve.is_held && at + 1 < points.size()) add_band_point(points[at + 1].x, point);
        }
        add("EOD\n");
    }
    void add_band_point(double at, const Point& point) {
        add("{} {} {}\n", number(at / figure_.x_per_unit), number(point.low), number(point.high));
    }

    void add_legend() {
        for (const LegendEntry& one : layout_.legend) {
            const double right = one.left + sample_cm;
            if (one.phase > 0) {
                add_rectangle(place(one.left, one.y - 0.1), place(right, one.y + 0.1),
                              shade_of(one.phase), "front");
            } else {
                if (one.is_band)
                    add("set object rectangle from {} to {} front fc rgb '{}' fs transparent solid "
                        "0.25 noborder\n",
                        place(one.left, one.y - 0.1), place(right, one.y + 0.1),
                        colour_of(one.style));
                add("set arrow from {} to {} nohead front {}\n", place(one.left, one.y),
                    place(right, one.y), line_of(one.style));
            }
            add("set label {} at {} left font ',{}' front\n", quoted(one.name),
                place(right + gap_cm, one.y), small_font);
        }
    }

    void add_rectangle(const std::string& from, const std::string& to, const char* colour,
                       const char* layer) {
        add("set object rectangle from {} to {} {} fc rgb '{}' fs solid noborder\n", from, to,
            layer, colour);
    }

    void add_margins(const Box& box) {
        add("set lmargin at screen {:.5f}\nset rmargin at screen {:.5f}\n", x(box.left),
            x(box.right));
        add("set bmargin at screen {:.5f}\nset tmargin at screen {:.5f}\n", y(box.bottom),
            y(box.top));
    }

    // With numbers and label only under the last.
    void add_x_axis(const Box& box, bool labels) {
        const double begin = figure_.x.begin / figure_.x_per_unit;
        const double end = figure_.x.end / figure_.x_per_unit;
        add("set xrange [{}:{}]\nset xtics {} format '{}'\n", begin, end,
            tick_step(end - begin, box.width() / tick_cm), labels ? "%g" : "");
        if (labels) {
            add("set xlabel {} offset 0,0.4\n", quoted(figure_.x_label));
        } else {
            add("unset xlabel\n");
        }
    }

    void add_phases() {
        for (std::size_t p = 0; p < figure_.phases.size(); ++p)
            for (const Stretch& one : figure_.phases[p].stretches)
                add_rectangle(fmt::format("first {}, graph 0", one.begin / figure_.x_per_unit),
                              fmt::format("first {}, graph 1", one.end / figure_.x_per_unit),
                              shade_of(p + 1), "behind");
    }

    void add_title(const std::string& title, const Box& box) {
        add("set label {} at {} left front\n", quoted(title), place(box.left, box.top + 0.22));
    }

    void add_y_label(const std::string& label, const Box& box) {
        add("set label {} at {} center rotate by 90 front\n", quoted(label),
            place(box.left - 1.15, (box.bottom + box.top) / 2.0));
    }

    // Beside the right end of its line; names that would lie on each other move apart.
    void add_levels(const CurvePanel& panel, const Range& range, const Box& box) {
        std::vector<Level> levels = panel.levels;
        std::sort(levels.begin(), levels.end(), [](auto& a, auto& b) { return a.y < b.y; });
        double free = -INFINITY;
        for (const Level& level : levels) {
            add("set arrow from graph 0, first {} to graph 1, first {} nohead back lw 0.6 lc rgb "
                "'#7F7F7F' dt (6,4)\n",
                level.y, level.y);
            const double at = std::max(
                free, box.bottom + (level.y - range.low) / (range.high - range.low) * box.height());
            free = at + label_gap;
            add("set label {} at {} left font ',{}' tc rgb '#4D4D4D' front\n", quoted(level.name),
                place(box.right + 0.1, at), small_font);
        }
    }

    void add_curves(std::size_t k, const CurvePanel& panel) {
        const Box& box = layout_.panels[k];
        const Range range = range_of(panel);
        add_margins(box);
        add_x_axis(box, layout_.has_x_labels[k]);
        add("set border 3\nset yrange [{}:{}]\nset ytics {} format '%g'\nunset ylabel\n", range.low,
            range.high, tick_step(range.high - range.low, box.height() / y_tick_cm));
        add_phases();
        add_title(panel.title, box);
        add_y_label(panel.label, box);
        add_levels(panel, range, box);
        add("plot {}\n", fmt::join(plots(k, panel), ", \\\n     "));
    }

    // What is held has fine risers, which hide no other curve.
    static void add_plots(std::vector<std::string>& all, const std::string& data,
                          const Curve& curve) {
        const std::string line = line_of(curve.style);
        if (!curve.is_held) {
            all.push_back(fmt::format("{} using 1:2 with lines {}", data, line));
            return;
        }
        all.push_back(fmt::format("{} using 1:2 with steps lw 0.3 lc rgb '{}'", data,
                                  colour_of(curve.style)));
        all.push_back(fmt::format("{} using 1:2:($3-$1):(0) with vectors nohead {}", data, line));
    }

    static std::vector<std::string> plots(std::size_t k, const CurvePanel& panel) {
        std::vector<std::string> all;
        for (std::size_t c = 0; c < panel.curves.size(); ++c)
            if (panel.curves[c].is_mean)
                all.push_back(fmt::format(
                    "$panel{}_band{} using 1:2:3 with filledcurves fc rgb '{}' fs transparent "
                    "solid 0.25 noborder",
                    k + 1, c + 1, colour_of(panel.curves[c].style)));
        for (std::size_t c = 0; c < panel.curves.size(); ++c)
            add_plots(all, fmt::format("$panel{}_curve{}", k + 1, c + 1), panel.curves[c]);
        return all;
    }

    void add_matrix(std::size_t k, const MatrixPanel& panel) {
        const Box& box = layout_.panels[k];
        add_margins(box);
        add("set border 0\nset xrange [-0.5:{}]\nset yrange [{}:-0.5]\n",
            static_cast<double>(panel.columns) - 0.5, static_cast<double>(panel.rows) - 0.5);
        add("set xtics {} format '%g'\nset ytics {} format '%g'\n",
            cell_ticks(panel.columns, box.width()), cell_ticks(panel.rows, box.height()));
        add("set xlabel '{}' offset 0,0.4\n", box.width() < name_cm ? "pre" : "presynaptic cell");
        add_y_label(box.height() < name_cm ? "post" : "postsynaptic cell", box);
        add_title(panel.title, box);
        add_colours(panel, box);
        add("plot $panel{} matrix with image pixels\n", k + 1);
    }

    static double cell_ticks(std::size_t cells, double cm) {
        const double most = std::max(1.0, cm / y_tick_cm);
        return std::max(1.0, tick_step(static_cast<double>(cells) - 0.9, most));
    }

    // Blue below, vermillion above, white at 0.
    void add_colours(const MatrixPanel& panel, const Box& box) {
        add("set palette defined (-1 '#00304D', -0.6 '#0072B2', 0 '#FFFFFF', 0.6 '#D55E00', 1 "
            "'#5C2900')\n");
        add("set cbrange [{}:{}]\nset cbtics {} scale 0.5\n", -panel.largest, panel.largest,
            tick_step(2.0 * panel.largest, std::max(3.0, box.height() / y_tick_cm)));
        add("set colorbox user origin {} size screen {:.5f}, screen {:.5f}\n",
            place(box.right + 0.2, box.bottom), x(0.22), y(box.height()));
        add("set label {} at {} center rotate by 90 front\n", quoted(panel.label),
            place(box.right + 1.5, (box.bottom + box.top) / 2.0));
    }

    void add_gates() {
        const Box& box = layout_.gates;
        const auto rows = static_cast<double>(figure_.gates.size());
        add_margins(box);
        add_x_axis(box, true);
        add("set border 1\nset yrange [0:{}]\nunset ytics\n", rows);
        add_phases();
        for (std::size_t g = 0; g < figure_.gates.size(); ++g) {
            const double middle = rows - 0.5 - static_cast<double>(g);
            add("set label {} at {} right font ',{}' front\n", quoted(figure_.gates[g].name),
                place(box.left - 0.1, box.bottom + middle / rows * box.height()), small_font);
            for (const Stretch& one : figure_.gates[g].stretches)
                add_rectangle(
                    fmt::format("first {}, first {}", one.begin / figure_.x_per_unit, middle - 0.3),
                    fmt::format("first {}, first {}", one.end / figure_.x_per_unit, middle + 0.3),
                    open_gate, "front");
        }
        add("plot NaN\n");
    }

    const Figure& figure_;
    Layout layout_;
    std::string text_;
};

}  // namespace

std::string gnuplot_script(const Figure& figure, FigureKind kind, const std::string& output) {
    return Script(figure, kind, output).text();
}

}  // namespace apical

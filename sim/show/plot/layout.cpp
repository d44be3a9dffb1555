#include "sim/show/plot/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "circuits/text/error.hpp"
#include "sim/show/plot/palette.hpp"
#include "sim/show/plot/range.hpp"
#include "sim/show/plot/script_text.hpp"
#include "sim/show/plot/text_width.hpp"

namespace apical {

namespace {

constexpr double nearest_y_label = 1.15, beside_y_label = 0.3, right_margin = 0.5, title = 0.5,
                 x_labels = 0.85;
constexpr double under_labels = 0.25;  // to the title of the next panel
constexpr double between = 0.15, edge = 0.1, gate_row = 0.3, between_entries = 0.3;
constexpr double trace_height = 2.6, curve_height = 3.8;
constexpr double largest_matrix = 6.0, smallest_side = 1.2;
constexpr double narrowest_curves = 2.0;
constexpr double title_font = 8.0;

double width_of(const std::vector<std::string>& lines) {
    double width = 0.0;
    for (const std::string& line : lines) width = std::max(width, width_cm(line));
    return width;
}

// The names of a figure's legend, each once.
std::vector<LegendEntry> legend_of(const Figure& figure, double width) {
    const double most = width - sample_cm - gap_cm;
    std::vector<LegendEntry> entries;
    const auto add = [&](LegendEntry entry, const std::string& name) {
        entry.lines = wrapped(name, most);
        const auto is_same = [&](const LegendEntry& one) {
            return one.lines == entry.lines && one.style == entry.style &&
                   one.phase == entry.phase && one.colour == entry.colour;
        };
        if (!name.empty() && std::none_of(entries.begin(), entries.end(), is_same))
            entries.push_back(std::move(entry));
    };
    for (const Panel& panel : figure.panels) {
        const auto* curves = std::get_if<CurvePanel>(&panel);
        for (const Curve& curve : curves ? curves->curves : std::vector<Curve>{}) {
            LegendEntry entry;
            entry.style = curve.style;
            entry.is_band = curve.is_mean && !curve.has_dots;
            entry.is_dot = curve.has_dots;
            add(entry, curve.name);
        }
    }
    for (std::size_t p = 0; p < figure.phases.size(); ++p) {
        LegendEntry entry;
        entry.phase = p + 1;
        add(entry, "phase " + figure.phases[p].name);
    }
    for (const Timetable& gate : figure.gates) {
        if (!gate.is_recorded) continue;
        for (const auto& [colour, name] :
             {std::pair(meant_gate, "gate: meant to be open"), {open_gate, "gate: as it was"}}) {
            LegendEntry entry;
            entry.colour = colour;
            add(entry, name);
        }
    }
    return entries;
}

// Places entries from left to right, in as many rows as it takes. y counts down from 0. Returns the
// height.
double arrange(std::vector<LegendEntry>& entries, double left, double right) {
    double x = left, y = -legend_line_cm / 2.0;
    std::size_t lines = 0;  // of the row's longest
    for (LegendEntry& entry : entries) {
        const double width = sample_cm + gap_cm + width_of(entry.lines);
        if (x > left && x + width > right) {
            x = left;
            y -= legend_line_cm * static_cast<double>(lines);
            lines = 0;
        }
        entry.left = x;
        entry.y = y;
        x += width + between_entries;
        lines = std::max(lines, entry.lines.size());
    }
    const auto further = static_cast<double>(lines) - 1.0;
    return entries.empty() ? 0.0 : legend_line_cm * (0.5 + further) - y;
}

double widest(const std::vector<Timetable>& gates) {
    double width = 0.0;
    for (const Timetable& one : gates) width = std::max(width, width_cm(one.name));
    return width;
}

double widest_level(const Figure& figure) {
    double width = 0.0;
    for (const Panel& panel : figure.panels)
        if (const auto* curves = std::get_if<CurvePanel>(&panel))
            for (const Level& level : curves->levels) width = std::max(width, width_cm(level.name));
    return width;
}

double height_of_curves(const Figure& figure) {
    return figure.gates.empty() && figure.panels.size() == 1 ? curve_height : trace_height;
}

// Width of the widest number on the y axes, in cm.
double widest_number(const Figure& figure) {
    double width = 0.0;
    for (const Panel& panel : figure.panels) {
        if (const auto* matrix = std::get_if<MatrixPanel>(&panel)) {
            width = std::max(width, width_cm(std::to_string(matrix->rows)));
            continue;
        }
        const AxisRange range = range_of(std::get<CurvePanel>(panel));
        width = std::max(width,
                         widest_label_cm(ticks_of(range, most_y_ticks(height_of_curves(figure)))));
    }
    return width;
}

// Half of the last number on the x axis, or of the next one.
double beyond_x_axis(const Figure& figure) {
    const double least = figure.least_tick / figure.x_per_unit;
    return widest_label_cm(ticks_along(x_range_of(figure), figure.width_cm - 2.0, least)) / 2.0;
}

// Beside a matrix: its colours, their numbers, its label.
double colour_bar_of(const MatrixPanel& matrix) {
    double numbers = 0.0;
    for (const double height : {smallest_side, largest_matrix})
        numbers = std::max(numbers, widest_label_cm(colour_ticks(matrix, height)));
    return colour_numbers_cm + numbers + beside_colours_cm + legend_line_cm;
}

std::string title_of(const CurvePanel& panel) { return panel.title; }
std::string title_of(const MatrixPanel& panel) {
    const bool whole = std::all_of(panel.numbers.begin(), panel.numbers.end(), can_be_drawn);
    if (whole) return panel.title;
    return panel.title + (panel.lacks_synapses ? " (grey: no synapse)" : " (grey: no number)");
}

// Cells are squares as long as neither side becomes too long or too short.
Box matrix_box(const MatrixPanel& panel, double left, double right, double top) {
    const auto rows = static_cast<double>(panel.rows), columns = static_cast<double>(panel.columns);
    const double cell = std::min((right - left) / columns, largest_matrix / rows);
    const double width = std::max(cell * columns, smallest_side);
    return {left, left + width, top - std::max(cell * rows, smallest_side), top};
}

std::size_t last_of_curves(const Figure& figure) {
    std::size_t last = figure.panels.size();
    for (std::size_t k = 0; k < figure.panels.size(); ++k)
        if (std::holds_alternative<CurvePanel>(figure.panels[k])) last = k;
    return last;
}

// Stacks panels from the top down; `y` is what is still free. Figures begin with y = 0 and end
// below.
class Stack {
public:
    explicit Stack(const Figure& figure) : figure_(figure) {
        layout_.width = figure.width_cm;
        layout_.y_label = std::max(nearest_y_label, widest_number(figure) + 0.35);
        const double left_margin = layout_.y_label + beside_y_label;
        left_ = std::max(left_margin, widest(figure.gates) + 0.3);
        const double levels = widest_level(figure);
        right_ = figure.width_cm - std::max({right_margin, levels > 0.0 ? levels + 0.25 : 0.0,
                                             beyond_x_axis(figure) + 0.05});
        layout_.legend = legend_of(figure, figure.width_cm - edge - left_margin);
        y_ -= edge + arrange(layout_.legend, left_margin, figure.width_cm - edge);
        for (LegendEntry& one : layout_.legend) one.y -= edge;
    }

    Layout take() {
        const std::size_t last = last_of_curves(figure_);
        for (std::size_t k = 0; k < figure_.panels.size(); ++k) place(k, k == last);
        shift(edge - y_);
        return std::move(layout_);
    }

private:
    void place(std::size_t k, bool last_curves) {
        place_title(k);
        if (const auto* matrix = std::get_if<MatrixPanel>(&figure_.panels[k])) {
            const double right = figure_.width_cm - colour_bar_of(*matrix);
            check_room(right - left_, smallest_side);
            layout_.panels.push_back(matrix_box(*matrix, left_, right, y_));
            finish(true);
            return;
        }
        check_room(right_ - left_, narrowest_curves);
        const double height = height_of_curves(figure_);
        layout_.panels.push_back({left_, right_, y_ - height, y_});
        const bool has_gates = last_curves && !figure_.gates.empty();
        finish(last_curves && !has_gates);
        if (has_gates) place_gates();
    }

    void place_title(std::size_t k) {
        const std::string text =
            std::visit([](const auto& panel) { return title_of(panel); }, figure_.panels[k]);
        const double room = (figure_.width_cm - edge - left_) * small_font / title_font;
        layout_.titles.push_back(wrapped(text, room));
        const auto lines = static_cast<double>(layout_.titles.back().size());
        y_ -= title + title_line_cm * std::max(0.0, lines - 1.0);
        if (is_under_labels_) y_ -= under_labels;
    }

    void check_room(double found, double needed) const {
        if (found >= needed) return;
        const double width = figure_.width_cm + needed - found;
        throw Error(ExitCode::usage,
                    fmt::format("`width` {}: what stands beside the panels leaves too little room "
                                "for them; take {:.1f} or more",
                                figure_.width_cm, std::ceil(width * 10.0) / 10.0));
    }

    void finish(bool labels) {
        layout_.has_x_labels.push_back(labels);
        y_ = layout_.panels.back().bottom - (labels ? x_labels : between);
        is_under_labels_ = labels;
    }

    void place_gates() {
        const double height = gate_row * static_cast<double>(figure_.gates.size());
        layout_.gates = {left_, right_, y_ - height, y_};
        y_ -= height + x_labels;
        is_under_labels_ = true;
    }

    // Shifts everything so that the lower edge is 0.
    void shift(double up) {
        layout_.height = up;
        for (Box& box : layout_.panels) box = {box.left, box.right, box.bottom + up, box.top + up};
        Box& gates = layout_.gates;
        gates = {gates.left, gates.right, gates.bottom + up, gates.top + up};
        for (LegendEntry& one : layout_.legend) one.y += up;
    }

    const Figure& figure_;
    Layout layout_;
    double left_ = 0.0, right_ = 0.0, y_ = 0.0;
    bool is_under_labels_ = false;  // those of an x axis
};

}  // namespace

Layout layout_of(const Figure& figure) { return Stack(figure).take(); }

std::vector<Tick> colour_ticks(const MatrixPanel& matrix, double height_cm) {
    return ticks_of({-matrix.largest, matrix.largest}, std::max(3.0, most_y_ticks(height_cm)));
}

// Places less their number times `apart` may not fall; where they would, they share their mean
// (pooling of adjacent violators), which leaves each as near to where it was as it can be.
std::vector<double> pushed_apart(std::vector<double> places, double apart, double lowest,
                                 double highest) {
    struct Pool {
        double sum = 0.0, count = 0.0;
        double mean() const { return sum / count; }
    };
    std::vector<Pool> pools;
    for (std::size_t k = 0; k < places.size(); ++k) {
        pools.push_back({places[k] - static_cast<double>(k) * apart, 1.0});
        while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
            const Pool last = pools.back();
            pools.pop_back();
            pools.back().sum += last.sum;
            pools.back().count += last.count;
        }
    }
    std::size_t k = 0;
    for (const Pool& pool : pools)
        for (double n = 0.0; n < pool.count; ++n, ++k)
            places[k] = pool.mean() + static_cast<double>(k) * apart;
    for (k = places.size(); k-- > 0; highest -= apart) places[k] = std::min(places[k], highest);
    for (double& place : places) {
        place = std::max(place, lowest);
        lowest += apart;
    }
    return places;
}

}  // namespace apical

#include "sim/plot/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/error.hpp"
#include "sim/plot/range.hpp"

namespace apical {

namespace {

constexpr double character = 0.128, line = 0.36;
constexpr double nearest_y_label = 1.15, beside_y_label = 0.3, right_margin = 0.5, title = 0.5,
                 x_labels = 0.85;
constexpr double between = 0.15, edge = 0.1, gate_row = 0.3;
constexpr double trace_height = 2.6, curve_height = 3.8, colour_bar = 1.8;
constexpr double largest_matrix = 6.0, smallest_side = 1.2;
constexpr double narrowest_curves = 2.0;

// One line of a legend entry's text and sample.
double width_of_entry(const LegendEntry& entry) {
    return sample_cm + gap_cm + width_cm(entry.name) + 0.3;
}

std::vector<LegendEntry> legend_of(const Figure& figure) {
    std::vector<LegendEntry> entries;
    const auto is_there = [&](const Curve& curve) {
        return std::any_of(entries.begin(), entries.end(), [&](const LegendEntry& one) {
            return one.name == curve.name && one.style == curve.style;
        });
    };
    for (const Panel& panel : figure.panels) {
        const auto* curves = std::get_if<CurvePanel>(&panel);
        for (const Curve& curve : curves ? curves->curves : std::vector<Curve>{})
            if (!curve.name.empty() && !is_there(curve))
                entries.push_back({curve.name, 0.0, 0.0, curve.style, curve.is_mean, 0});
    }
    for (std::size_t p = 0; p < figure.phases.size(); ++p)
        entries.push_back({"phase " + figure.phases[p].name, 0.0, 0.0, {}, false, p + 1});
    return entries;
}

// From left to right, in as many lines as it takes. y counts down from 0. Returns the height.
double arrange(std::vector<LegendEntry>& entries, double left, double right) {
    double x = left, y = -line / 2.0;
    for (LegendEntry& entry : entries) {
        if (x > left && x + width_of_entry(entry) > right) {
            x = left;
            y -= line;
        }
        entry.left = x;
        entry.y = y;
        x += width_of_entry(entry);
    }
    return entries.empty() ? 0.0 : line / 2.0 - y;
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

// Of the numbers on the y axes.
double widest_number(const Figure& figure) {
    double width = 0.0;
    for (const Panel& panel : figure.panels) {
        const auto* curves = std::get_if<CurvePanel>(&panel);
        if (!curves) continue;
        const AxisRange range = range_of(*curves);
        const double tick = y_tick(range, height_of_curves(figure));
        for (double k = std::ceil(range.low / tick); k * tick <= range.high; ++k)
            width = std::max(width, width_cm(fmt::format("{:g}", k * tick)));
    }
    return width;
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

// From the top down; `y` is what is still free. Figures begin with y = 0 and end below.
class Stack {
public:
    explicit Stack(const Figure& figure) : figure_(figure) {
        layout_.width = figure.width_cm;
        layout_.y_label = std::max(nearest_y_label, widest_number(figure) + 0.35);
        const double left_margin = layout_.y_label + beside_y_label;
        left_ = std::max(left_margin, widest(figure.gates) + 0.3);
        const double levels = widest_level(figure);
        right_ = figure.width_cm - std::max(right_margin, levels > 0.0 ? levels + 0.25 : 0.0);
        layout_.legend = legend_of(figure);
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
        y_ -= title;
        if (const auto* matrix = std::get_if<MatrixPanel>(&figure_.panels[k])) {
            const double right = figure_.width_cm - colour_bar;
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

    void check_room(double found, double needed) const {
        if (found >= needed) return;
        const double width = figure_.width_cm + needed - found;
        throw Error(ExitCode::usage,
                    fmt::format("--width {}: what stands beside the panels leaves too little room "
                                "for them; take {:.1f} or more",
                                figure_.width_cm, std::ceil(width * 10.0) / 10.0));
    }

    void finish(bool labels) {
        layout_.has_x_labels.push_back(labels);
        y_ = layout_.panels.back().bottom - (labels ? x_labels : between);
    }

    void place_gates() {
        const double height = gate_row * static_cast<double>(figure_.gates.size());
        layout_.gates = {left_, right_, y_ - height, y_};
        y_ -= height + x_labels;
    }

    // So that the lower edge is 0.
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
};

}  // namespace

double width_cm(const std::string& text) {
    // Bytes that continue a character have no width.
    const auto characters = std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    });
    return static_cast<double>(characters) * character;
}

Layout layout_of(const Figure& figure) { return Stack(figure).take(); }

}  // namespace apical

#pragma once

#include <string>
#include <vector>

#include "sim/show/plot/figure.hpp"
#include "sim/show/plot/ticks.hpp"

namespace apical {

// A box in cm from the figure's lower left corner.
struct Box {
    double left = 0.0, right = 0.0, bottom = 0.0, top = 0.0;
    double width() const { return right - left; }
    double height() const { return top - bottom; }
};

struct LegendEntry {
    std::vector<std::string> lines;  // its name
    double left = 0.0, y = 0.0;      // of the sample; the text begins `sample_cm` + `gap_cm` on
    LineStyle style;
    bool is_band = false, is_dot = false;
    std::size_t phase = 0;  // from 1 on: a shade in place of a line
    std::string colour;     // not empty: a box of it in place of a line
};

// The places where everything stands.
struct Layout {
    double width = 0.0, height = 0.0;
    double y_label = 0.0;  // from a panel to the middle of its label
    std::vector<Box> panels;
    std::vector<std::vector<std::string>> titles;  // of each panel, in lines
    std::vector<bool> has_x_labels;                // of each panel
    Box gates;
    std::vector<LegendEntry> legend;
};

inline constexpr double sample_cm = 0.5, gap_cm = 0.1;
inline constexpr double legend_line_cm = 0.36, title_line_cm = 0.38;

// Panels under each other, as wide as each other; gates under the last of curves; the legend above,
// outside the data. Names that are wider than the figure go on in a further line. Throws
// Error{usage} when the figure is too narrow.
Layout layout_of(const Figure& figure);

// Distances from a matrix to the numbers of its colours, and from these to its label.
inline constexpr double colour_numbers_cm = 0.57, beside_colours_cm = 0.15;
std::vector<Tick> colour_ticks(const MatrixPanel& matrix, double height_cm);

// Rising places at least `apart` from each other, as near to where they were as that lets them, and
// between `lowest` and `highest` where there is room for all.
std::vector<double> pushed_apart(std::vector<double> places, double apart, double lowest,
                                 double highest);

}  // namespace apical

#pragma once

#include <string>
#include <vector>

#include "sim/plot/figure.hpp"

namespace apical {

// In cm from the figure's lower left corner.
struct Box {
    double left = 0.0, right = 0.0, bottom = 0.0, top = 0.0;
    double width() const { return right - left; }
    double height() const { return top - bottom; }
};

struct LegendEntry {
    std::string name;
    double left = 0.0, y = 0.0;  // of the sample; the text begins `sample_cm` + `gap_cm` on
    LineStyle style;
    bool is_band = false;
    std::size_t phase = 0;  // from 1 on: a shade in place of a line
};

// Where everything stands.
struct Layout {
    double width = 0.0, height = 0.0;
    double y_label = 0.0;  // from a panel to the middle of its label
    std::vector<Box> panels;
    std::vector<bool> has_x_labels;  // of each panel
    Box gates;
    std::vector<LegendEntry> legend;
};

inline constexpr double sample_cm = 0.5, gap_cm = 0.1;

// Panels under each other, as wide as each other; gates under the last of curves; the legend above,
// outside the data. Throws Error{usage} when the figure is too narrow for its names.
Layout layout_of(const Figure& figure);

// About as wide as the text is in the small font.
double width_cm(const std::string& text);

}  // namespace apical

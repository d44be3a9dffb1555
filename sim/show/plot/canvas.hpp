#pragma once

#include <fmt/format.h>

#include <iterator>
#include <string>
#include <utility>

#include "sim/show/plot/layout.hpp"

namespace apical {

// gnuplot's commands, one after the other, with places in cm.
class Canvas {
public:
    explicit Canvas(const Layout& layout)
        : width_(layout.width), height_(layout.height), y_label_(layout.y_label) {}

    template <class... Parts>
    void add(fmt::format_string<Parts...> format, Parts&&... parts) {
        fmt::format_to(std::back_inserter(text_), format, std::forward<Parts>(parts)...);
    }

    // A share of the figure's width and height.
    double x(double cm) const { return cm / width_; }
    double y(double cm) const { return cm / height_; }
    std::string place(double cm_x, double cm_y) const;

    void add_margins(const Box& box);
    // Above a panel, and to the left of it.
    void add_title(const std::vector<std::string>& lines, const Box& box);
    // What is longer than the panel is high loses its middle.
    void add_y_label(const std::string& label, const Box& box);
    // `layer` is "behind" or "front" of what is plotted.
    void add_rectangle(const std::string& from, const std::string& to, const std::string& colour,
                       const char* layer);

    std::string take() { return std::move(text_); }

private:
    double width_, height_, y_label_;
    std::string text_;
};

}  // namespace apical

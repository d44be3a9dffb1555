#pragma once

#include <string>
#include <vector>

#include "sim/show/plot/range.hpp"

namespace apical {

// A place on an axis with a number beside it; without one it is a small tick.
struct Tick {
    double at = 0.0;
    std::string label;
};

// At most `most` numbers within the range (two at least, where there are two of a linear axis),
// apart from each other by `least` or more: multiples of 1, 2 or 5 times a power of ten; on a
// logarithmic axis powers of ten, or, within two decades, their multiples by 1, 2 and 5, where
// there are three such. Different numbers have different labels.
std::vector<Tick> ticks_of(const AxisRange& range, double most, double least = 0.0);

// Ticks, as many as stand beside each other on `cm` from left to right.
std::vector<Tick> ticks_along(const AxisRange& range, double cm, double least = 0.0);

// The widest label in the small font.
double widest_label_cm(const std::vector<Tick>& ticks);

// gnuplot's list of them, "('0.1' 0.1, '' 0.2 1)".
std::string list_of_ticks(const std::vector<Tick>& ticks);

// The labels of multiples of `step`, as many digits as tell neighbours apart: "0.25", "999998",
// "2×10⁻⁷".
std::vector<std::string> labels_of(const std::vector<double>& numbers, double step);

}  // namespace apical

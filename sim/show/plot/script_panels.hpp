#pragma once

#include <cstddef>
#include <string>

#include "sim/show/plot/canvas.hpp"
#include "sim/show/plot/figure.hpp"

namespace apical {

// The parts of gnuplot's script. First the data of all panels, each in blocks with names of its
// own, then what draws them. Panels count from 0.

void add_curve_data(Canvas& canvas, const Figure& figure, std::size_t panel);
void add_curves(Canvas& canvas, const Figure& figure, const Layout& layout, std::size_t panel);
// Under the panel of curves that is the last.
void add_gates(Canvas& canvas, const Figure& figure, const Box& box);

void add_matrix_data(Canvas& canvas, const MatrixPanel& matrix, std::size_t panel);
void add_matrix(Canvas& canvas, const MatrixPanel& matrix, const Layout& layout, std::size_t panel);

// gnuplot's words for the colour and the line of a style, and for the shade of a phase from the
// second (1) on.
std::string colour_of(const LineStyle& style);
std::string line_of(const LineStyle& style);
std::string dot_of(const LineStyle& style);
std::string shade_of(std::size_t phase, std::size_t phases);

}  // namespace apical

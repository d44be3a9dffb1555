#include <algorithm>

#include "sim/show/plot/script_panels.hpp"
#include "sim/show/plot/script_text.hpp"
#include "sim/show/plot/text_width.hpp"

namespace apical {

namespace {

constexpr double scale_tick_cm = 0.6;
constexpr const char* no_number = "#BFBFBF";

// Numbers of cells, as far apart as these and their own width need. `chosen` are the cells, where
// they are not all.
std::string cell_ticks(std::size_t cells, const std::vector<std::size_t>& chosen, double cm,
                       bool from_left_to_right) {
    const std::size_t last = chosen.empty() ? cells : chosen.back();
    const double width = width_cm(std::to_string(last)) + 0.2;
    const double apart = from_left_to_right ? std::max(scale_tick_cm, width) : scale_tick_cm;
    const AxisRange range{0.0, static_cast<double>(cells) - 0.9};
    std::vector<Tick> ticks = ticks_of(range, std::max(1.0, cm / apart), 1.0);
    if (!chosen.empty()) {
        for (Tick& one : ticks)
            one.label = std::to_string(chosen.at(static_cast<std::size_t>(one.at)));
    }
    return list_of_ticks(ticks);
}

// Blue below, vermillion above, white at 0.
void add_colours(Canvas& canvas, const MatrixPanel& matrix, const Box& box) {
    canvas.add(
        "set palette defined (-1 '#00304D', -0.6 '#0072B2', 0 '#FFFFFF', 0.6 '#D55E00', 1 "
        "'#5C2900')\n");
    const std::vector<Tick> ticks = colour_ticks(matrix, box.height());
    canvas.add("set cbrange [{}:{}]\nset cbtics {} scale 0.5\n", -matrix.largest, matrix.largest,
               list_of_ticks(ticks));
    canvas.add("set colorbox user origin {} size screen {:.5f}, screen {:.5f}\n",
               canvas.place(box.right + 0.2, box.bottom), canvas.x(0.22), canvas.y(box.height()));
    const double label = colour_numbers_cm + widest_label_cm(ticks) + beside_colours_cm;
    canvas.add(
        "set label {} at {} center rotate by 90 front\n",
        quoted(without_middle(matrix.label, box.height())),
        canvas.place(box.right + label + legend_line_cm / 2.0, (box.bottom + box.top) / 2.0));
}

}  // namespace

// gnuplot draws no image of one row or column: what is alone comes twice, the second time outside
// of the axes.
void add_matrix_data(Canvas& canvas, const MatrixPanel& matrix, std::size_t panel) {
    canvas.add("$panel{} << EOD\n", panel + 1);
    for (std::size_t i = 0; i < std::max<std::size_t>(2, matrix.rows); ++i) {
        const std::size_t row = std::min(i, matrix.rows - 1) * matrix.columns;
        for (std::size_t j = 0; j < std::max<std::size_t>(2, matrix.columns); ++j)
            canvas.add("{}{}", j == 0 ? "" : " ",
                       number(matrix.numbers[row + std::min(j, matrix.columns - 1)]));
        canvas.add("\n");
    }
    canvas.add("EOD\n");
}

void add_matrix(Canvas& canvas, const MatrixPanel& matrix, const Layout& layout,
                std::size_t panel) {
    const Box& box = layout.panels[panel];
    const bool whole = std::all_of(matrix.numbers.begin(), matrix.numbers.end(), can_be_drawn);
    canvas.add_margins(box);
    canvas.add("unset logscale\nset border 0\nset xrange [-0.5:{}]\nset yrange [{}:-0.5]\n",
               static_cast<double>(matrix.columns) - 0.5, static_cast<double>(matrix.rows) - 0.5);
    canvas.add("set xtics {}\nset ytics {}\n",
               cell_ticks(matrix.columns, matrix.presynaptic, box.width(), true),
               cell_ticks(matrix.rows, matrix.postsynaptic, box.height(), false));
    canvas.add("set xlabel '{}' offset 0,0.4\n", matrix.by_iteration ? "cell" : "presynaptic cell");
    canvas.add_y_label(matrix.by_iteration ? "iteration of the step" : "postsynaptic cell", box);
    if (!whole) canvas.add_rectangle("graph 0, graph 0", "graph 1, graph 1", no_number, "behind");
    canvas.add_title(layout.titles[panel], box);
    add_colours(canvas, matrix, box);
    canvas.add("plot $panel{} matrix with image pixels\n", panel + 1);
}

}  // namespace apical

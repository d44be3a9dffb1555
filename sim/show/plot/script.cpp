#include "sim/show/plot/script.hpp"

#include <cmath>

#include "sim/show/plot/script_panels.hpp"
#include "sim/show/plot/script_text.hpp"
#include "sim/show/plot/text_width.hpp"

namespace apical {

namespace {

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

void add_legend(Canvas& canvas, const Figure& figure, const Layout& layout) {
    for (const LegendEntry& one : layout.legend) {
        const double right = one.left + sample_cm;
        const std::string from = canvas.place(one.left, one.y - 0.1);
        const std::string to = canvas.place(right, one.y + 0.1);
        if (one.phase > 0) {
            canvas.add_rectangle(from, to, shade_of(one.phase, figure.phases.size()), "front");
        } else if (!one.colour.empty()) {
            canvas.add_rectangle(from, to, one.colour, "front");
        } else {
            if (one.is_band)
                canvas.add(
                    "set object rectangle from {} to {} front fc rgb '{}' fs transparent solid "
                    "0.25 noborder\n",
                    from, to, colour_of(one.style));
            canvas.add("set arrow from {} to {} nohead front {}\n", canvas.place(one.left, one.y),
                       canvas.place(right, one.y), line_of(one.style));
            if (one.is_dot)
                canvas.add("set label '' at {} point {} front\n",
                           canvas.place((one.left + right) / 2.0, one.y), dot_of(one.style));
        }
        for (std::size_t k = 0; k < one.lines.size(); ++k)
            canvas.add(
                "set label {} at {} left font ',{}' front\n", quoted(one.lines[k]),
                canvas.place(right + gap_cm, one.y - legend_line_cm * static_cast<double>(k)),
                small_font);
    }
}

}  // namespace

std::string gnuplot_script(const Figure& figure, FigureKind kind, const std::string& output) {
    const Layout layout = layout_of(figure);
    Canvas canvas(layout);
    canvas.add("set terminal {}\n", terminal(kind, layout));
    if (!output.empty()) canvas.add("set output {}\n", quoted(output));
    canvas.add(
        "set encoding utf8\nunset key\nset border 3 lw 0.5\n"
        "set tics nomirror out scale 0.5 font ',{}'\n",
        small_font);
    for (std::size_t k = 0; k < figure.panels.size(); ++k) {
        if (const auto* matrix = std::get_if<MatrixPanel>(&figure.panels[k])) {
            add_matrix_data(canvas, *matrix, k);
        } else {
            add_curve_data(canvas, figure, k);
        }
    }
    canvas.add("set multiplot\n");
    add_legend(canvas, figure, layout);
    for (std::size_t k = 0; k < figure.panels.size(); ++k) {
        if (const auto* matrix = std::get_if<MatrixPanel>(&figure.panels[k])) {
            add_matrix(canvas, *matrix, layout, k);
        } else {
            add_curves(canvas, figure, layout, k);
        }
        canvas.add("unset label\nunset arrow\nunset object\n");
    }
    if (!figure.gates.empty()) add_gates(canvas, figure, layout.gates);
    canvas.add("unset multiplot\nunset output\n");
    return canvas.take();
}

}  // namespace apical

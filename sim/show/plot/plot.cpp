#include "sim/show/plot/plot.hpp"

#include <filesystem>

#include "sim/show/plot/gnuplot.hpp"
#include "sim/show/plot/log_axes.hpp"
#include "sim/show/plot/read_figure.hpp"
#include "sim/show/plot/read_sweep_figure.hpp"
#include "sim/show/plot/script.hpp"
#include "sim/system/output_file.hpp"

namespace apical {

namespace {

// The figure that the script makes when gnuplot is called by hand: "figure.svg" of "figure.gp".
std::string figure_of_script(const std::string& path) {
    return std::filesystem::path(path).filename().replace_extension(".svg").string();
}

void draw(const Figure& figure, const std::string& output) {
    const FigureKind kind = kind_of_figure(output);
    prepare_text_output(output, true);
    const std::string drawn = kind == FigureKind::script
                                  ? gnuplot_script(figure, kind, figure_of_script(output))
                                  : drawn_by_gnuplot(gnuplot_script(figure, kind, ""));
    write_file(output, drawn);
}

}  // namespace

std::vector<std::string> plot(const PlotRequest& request) {
    const Figure figure = read_figure(request);
    draw(figure, request.output);
    return figure.notes;
}

std::vector<std::string> plot_sweep(const SweepPlotRequest& request) {
    const SweepResult result = read_result(request.path);
    Figure figure = request.against.empty()
                        ? read_sweep_figure(result, request.path, request.width_cm)
                        : read_against(result, request.against, request.path, request.width_cm);
    make_logarithmic(figure, request.log);
    draw(figure, request.output);
    return figure.notes;
}

}  // namespace apical

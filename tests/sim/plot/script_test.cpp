// What gnuplot draws of figures, as its SVG has it.
#include "sim/plot/script.hpp"

#include <limits>
#include <set>

#include "sim/plot/gnuplot.hpp"
#include "sim/plot/palette.hpp"
#include "sim/plot/script_panels.hpp"
#include "tests/sim/plot/plot_runs.hpp"

using namespace apical;

namespace {

std::string svg_of_figure(const Figure& figure) {
    return drawn_by_gnuplot(gnuplot_script(figure, FigureKind::svg, ""));
}

struct Stroke {
    std::string colour, dash;  // empty: solid
};

// Of what was drawn last of some data.
Stroke stroke_of(const std::string& svg, const std::string& block) {
    const std::size_t begin = svg.rfind("<title>$" + block + " using");
    INFO(block);
    REQUIRE(begin != std::string::npos);
    const std::size_t path = svg.find("<path ", begin);
    const std::string head = svg.substr(path, svg.find(" d='", path) - path);
    const auto attribute = [&](const std::string& name) {
        const std::size_t at = head.find(name + "='");
        if (at == std::string::npos) return std::string();
        const std::size_t from = at + name.size() + 2;
        return head.substr(from, head.find('\'', from) - from);
    };
    return {attribute("stroke"), attribute("stroke-dasharray")};
}

}  // namespace

TEST_CASE("of several runs cells differ in colour and runs in dash, one curve a run has a colour",
          "[plot]") {
    const PlotRuns runs;
    runs.add("one.h5", {"--steps", "10"});
    runs.add("two.h5", {"--steps", "10", "--seed", "2"});
    const Outcome outcome = runs.plot({"one.h5", "two.h5", "hidden.r", "loss", "--cells", "0:2",
                                       "--width", "17.2", "-o", "figure.svg"});
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    const std::string svg = content_of(runs.folder / "figure.svg");
    const Stroke one_0 = stroke_of(svg, "panel1_curve1"), one_1 = stroke_of(svg, "panel1_curve2"),
                 two_0 = stroke_of(svg, "panel1_curve3"), two_1 = stroke_of(svg, "panel1_curve4");
    CHECK((one_0.colour == two_0.colour && one_1.colour == two_1.colour));
    CHECK(one_0.colour != one_1.colour);
    CHECK((one_0.dash.empty() && one_1.dash.empty()));
    CHECK((!two_0.dash.empty() && two_0.dash == two_1.dash));
    const Stroke loss_one = stroke_of(svg, "panel2_curve1"),
                 loss_two = stroke_of(svg, "panel2_curve2");
    CHECK((loss_one.dash.empty() && loss_two.dash.empty()));
    CHECK(loss_one.colour != loss_two.colour);
    // 17.2 cm at 96 dots to the inch.
    CHECK_THAT(svg, Catch::Contains("width=\"650\""));
}

TEST_CASE("the sample of a line in the legend looks like its curve", "[plot]") {
    Figure figure;
    figure.x = {0.0, 1.0};
    CurvePanel panel{"title", "label", {}, {}};
    for (std::size_t dash = 0; dash < dashes.size(); ++dash)
        panel.curves.push_back({fmt::format("curve {}", dash),
                                {dash, dash},
                                false,
                                false,
                                {{0.0, 0.0, 0.0, 0.0}, {1.0, double(dash), 0.0, double(dash)}}});
    figure.panels = {panel};
    const std::string svg = svg_of_figure(figure);
    std::set<std::string> seen;
    for (std::size_t dash = 0; dash < dashes.size(); ++dash) {
        const Stroke stroke = stroke_of(svg, fmt::format("panel1_curve{}", dash + 1));
        const std::string line = fmt::format(
            "<path stroke='{}' {}", stroke.colour,
            stroke.dash.empty() ? "" : fmt::format("stroke-dasharray='{}'", stroke.dash));
        INFO(line);
        CHECK(count(svg, line) >= 2);
        seen.insert(stroke.colour + stroke.dash);
    }
    CHECK(seen.size() == dashes.size());
}

namespace {

Figure figure_of(const std::vector<double>& ys, bool is_mean) {
    Figure figure;
    figure.x = {0.0, static_cast<double>(ys.size())};
    Curve curve{"", {}, is_mean, false, {}};
    for (std::size_t k = 0; k < ys.size(); ++k)
        curve.points.push_back({static_cast<double>(k), ys[k], ys[k] - 1.0, ys[k] + 1.0});
    figure.panels = {CurvePanel{"title", "label", {curve}, {}}};
    return figure;
}

std::size_t dots(const std::string& svg) { return count(svg, "<use xlink:href='#gpPt6'"); }

Figure figure_of(const MatrixPanel& matrix) {
    Figure figure;
    figure.panels = {matrix};
    return figure;
}

}  // namespace

TEST_CASE("a point without a neighbour is a dot, and what has one is none", "[plot]") {
    for (const bool is_mean : {false, true}) {
        const auto dots_of = [&](const std::vector<double>& ys) {
            return dots(svg_of_figure(figure_of(ys, is_mean)));
        };
        CHECK(dots_of({3.0}) == 1);
        CHECK(dots_of({NAN, 2.0, NAN, 1.0, 1.5, NAN, 7.0}) == 2);
        CHECK(dots_of({1.0, 2.0, NAN, 2.0, 1.0}) == 0);
    }
}

TEST_CASE("no line crosses a gap", "[plot]") {
    const std::string svg = svg_of_figure(figure_of({1.0, 2.0, NAN, 2.0, 1.0}, false));
    const std::size_t begin = svg.find(" d='", svg.find("<title>$panel1_curve1 using"));
    const std::string path = svg.substr(begin, svg.find("/>", begin) - begin);
    CHECK(count(path, "M") == 2);
    CHECK(count(path, "L") == 2);
}

TEST_CASE("a curve of nothing but gaps is an empty panel", "[plot]") {
    CHECK_THAT(svg_of_figure(figure_of({NAN, NAN}, true)), Catch::Contains("</svg>"));
}

TEST_CASE("the standard error of a lone mean is a line through its dot", "[plot]") {
    const std::string lone = svg_of_figure(figure_of({3.0}, true));
    CHECK_THAT(lone, Catch::Contains("<title>$panel1_lone1 using 1:3:(0)"));
    CHECK(stroke_of(lone, "panel1_lone1").colour == "rgb(  0, 114, 178)");
}

TEST_CASE("numbers too large to be drawn are gaps in a curve", "[plot]") {
    const double most = std::numeric_limits<double>::max();
    for (const double large : {most, -most, double(INFINITY), 1e305})
        CHECK(dots(svg_of_figure(figure_of({1.0, large, 1.0, 2.0}, false))) == 1);
    CHECK(dots(svg_of_figure(figure_of({-1e300, 1e300, 1.0, 2.0}, false))) == 0);
}

TEST_CASE("a matrix is drawn up to the largest numbers, and grey where there is none", "[plot]") {
    const auto svg_of_matrix = [](std::vector<double> numbers, double largest) {
        return svg_of_figure(
            figure_of(MatrixPanel{"title", "label", 2, 2, std::move(numbers), largest}));
    };
    const std::string grey = "rgb(191, 191, 191)";
    CHECK_THAT(svg_of_matrix({1e300, -1e300, 0.0, 1.0}, 1e300), !Catch::Contains(grey));
    for (const double none : {double(NAN), double(INFINITY), 1.7e308})
        CHECK_THAT(svg_of_matrix({1.0, none, 0.0, 0.5}, 1.0),
                   Catch::Contains(grey) && Catch::Contains("grey: no number"));
}

TEST_CASE("every phase has a shade of its own", "[plot]") {
    for (const std::size_t phases : {1, 3, 8}) {
        std::set<std::string> shades;
        for (std::size_t p = 1; p <= phases; ++p) shades.insert(shade_of(p, phases));
        CHECK(shades.size() == phases);
    }
}

TEST_CASE("a figure too narrow for its names says from which width on there is room", "[plot]") {
    Figure figure = figure_of({1.0, 2.0}, false);
    std::get<CurvePanel>(figure.panels[0]).levels = {{"a name of twenty-five ...", 1.5}};
    figure.width_cm = 4.0;
    const auto error = error_of([&] { gnuplot_script(figure, FigureKind::svg, ""); });
    REQUIRE(error);
    CHECK(error->code() == ExitCode::usage);
    const std::string message = error->what(), phrase = "take ";
    CHECK_THAT(message, Catch::StartsWith("--width 4:"));
    figure.width_cm = std::stod(message.substr(message.find(phrase) + phrase.size()));
    CHECK(figure.width_cm < 8.0);
    svg_of_figure(figure);
}

// --log: logarithmic axes.
#include "sim/show/plot/gnuplot.hpp"
#include "sim/show/plot/log_axes.hpp"
#include "sim/show/plot/range.hpp"
#include "sim/show/plot/script.hpp"
#include "tests/sim/show/plot/plot_runs.hpp"

using namespace apical;

namespace {

Figure powers_of_ten() {
    Figure figure;
    figure.x = {1.0, 1000.0};
    figure.x_label = "step";
    Curve curve;
    for (const double x : {1.0, 10.0, 100.0, 1000.0})
        curve.points.push_back({x, 1.0 / x, 0.5 / x, 2.0 / x});
    figure.panels = {CurvePanel{"title", "label", {curve}, {}}};
    return figure;
}

// The corners of the line that gnuplot draws of the first curve.
Curves corners_of(const Figure& figure) {
    const std::string svg = drawn_by_gnuplot(gnuplot_script(figure, FigureKind::svg, ""));
    const std::size_t title = svg.find("<title>$panel1_curve1 using");
    const std::size_t begin = svg.find(" d='M", title) + 5;
    std::string path = svg.substr(begin, svg.find('\'', begin) - begin);
    std::replace(path.begin(), path.end(), 'L', '\n');
    std::replace(path.begin(), path.end(), ',', ' ');
    return numbers_of(path);
}

std::string title_of(const Figure& figure) { return std::get<CurvePanel>(figure.panels[0]).title; }

}  // namespace

TEST_CASE("on logarithmic axes powers of ten are equally far apart", "[plot]") {
    Figure figure = powers_of_ten();
    make_logarithmic(figure, {true, true});
    const Curves corners = corners_of(figure);
    REQUIRE(corners.size() == 4);
    for (std::size_t k = 1; k < 4; ++k) {
        for (const std::size_t axis : {0U, 1U}) {
            const double apart = corners[k][axis] - corners[k - 1][axis];
            CHECK(apart == Approx((corners[3][axis] - corners[0][axis]) / 3.0).margin(0.2));
            CHECK(std::abs(apart) > 10.0);
        }
    }
    // Without the option they are not.
    const Curves linear = corners_of(powers_of_ten());
    CHECK(linear[1][0] - linear[0][0] < 0.02 * (linear[3][0] - linear[0][0]));
}

TEST_CASE("what is not above 0 is a gap on a logarithmic axis, and the title counts it", "[plot]") {
    Figure figure = powers_of_ten();
    auto& panel = std::get<CurvePanel>(figure.panels[0]);
    panel.curves[0].points[1] = {10.0, -0.5, -1.0, 0.25};
    panel.curves[0].points[2].low = -3.0;  // a band that reaches below 0
    panel.levels = {{"none", 0.0}, {"some", 0.3}};
    make_logarithmic(figure, {false, true});
    CHECK(title_of(figure) == "title (1 of 4 points are not above 0)");
    const auto& points = panel.curves[0].points;
    CHECK((std::isnan(points[1].y) && std::isnan(points[1].high)));
    CHECK(points[2].low == 0.0005);  // the least that is drawn, of the last point
    CHECK(points[2].y == 0.01);
    CHECK(panel.levels.size() == 1);
    CHECK(range_of(panel).low > 0.0);
}

TEST_CASE("nothing above 0, time, and matrices have no logarithmic axis", "[plot]") {
    const PlotRuns runs;
    runs.add("run.h5", {"--steps", "30"});
    const auto refused = [&](std::vector<std::string> arguments, const std::string& why) {
        arguments.insert(arguments.end(), {"-o", "figure.gp"});
        const Outcome outcome = runs.plot(arguments);
        INFO(outcome.err);
        CHECK(outcome.code == 2);
        CHECK_THAT(outcome.err, Catch::Contains(why));
        CHECK_FALSE(std::filesystem::exists(runs.folder / "figure.gp"));
    };
    refused({"run.h5", "loss", "--log", "z"}, "--log z: expected the axis");
    refused({"run.h5", "W_rec", "--log", "y"}, "only matrices are drawn");
    refused({"run.h5", "hidden.r", "--log", "x"}, "--log x is of steps");
    Figure figure = powers_of_ten();
    for (Point& one : std::get<CurvePanel>(figure.panels[0]).curves[0].points) one.y = -2.0;
    CHECK_THROWS_WITH(
        make_logarithmic(figure, {false, true}),
        Catch::Contains("`log` y: nothing of \"title\" is above 0 (the lowest is -2)"));
}

TEST_CASE("the loss is drawn on logarithmic axes from its first step on", "[plot]") {
    const PlotRuns runs;
    const std::string run = runs.add("run.h5", {"--steps", "100"});
    const std::string script = runs.script({"--log", "x", "run.h5", "loss", "--log", "y"});
    CHECK_THAT(script, Catch::Contains("set xrange [1:100]\nset logscale x 10") &&
                           Catch::Contains("set logscale y 10") && Catch::Contains("'10²' 100"));
    CHECK(data_of(script, "panel1_curve1") ==
          numpy("show(enumerate(files[0]['signals/loss'][:], 1))", {run}));
    CHECK(runs.script({"run.h5", "loss", "--log", "xy"}) == script);
    CHECK_THAT(runs.script({"run.h5", "loss"}), !Catch::Contains("\nset logscale"));
}

TEST_CASE("beside a logarithmic panel a matrix and gates are as they were", "[plot]") {
    const PlotRuns runs;
    runs.add("run.h5",
             {"--steps", "20", "--set",
              "record.beginning.what=['hidden.r', 'gate.disinhibition', 'W_in', 'loss']"});
    const Outcome outcome =
        runs.plot({"run.h5", "loss", "hidden.r", "W_in", "--log", "y", "-o", "figure.svg"});
    INFO(outcome.err);
    CHECK(outcome.code == 0);
    CHECK_THAT(content_of(runs.folder / "figure.svg"),
               Catch::Contains("points are not above 0)") && Catch::Contains("</svg>"));
}

// What gnuplot draws of figures, as its SVG has it.
#include "sim/show/plot/script.hpp"

#include <limits>
#include <regex>
#include <set>

#include "sim/show/plot/gnuplot.hpp"
#include "sim/show/plot/layout.hpp"
#include "sim/show/plot/palette.hpp"
#include "sim/show/plot/script_panels.hpp"
#include "sim/show/plot/text_width.hpp"
#include "tests/sim/show/plot/plot_runs.hpp"

using namespace apical;

namespace {

std::string svg_of_figure(const Figure& figure) {
    return drawn_by_gnuplot(gnuplot_script(figure, FigureKind::svg, ""));
}

struct Stroke {
    std::string colour, dash;  // empty: solid
};

// The stroke of what was drawn last of some data.
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

TEST_CASE("a matrix says whether its axes are cells or iterations, and grey no synapse", "[plot]") {
    MatrixPanel matrix{"title", "label", 2, 2, {1.0, NAN, 0.0, 0.5}, 1.0};
    matrix.lacks_synapses = true;
    CHECK_THAT(svg_of_figure(figure_of(matrix)), Catch::Contains("title (grey: no synapse)") &&
                                                     Catch::Contains("presynaptic cell") &&
                                                     Catch::Contains("postsynaptic cell"));
    matrix.by_iteration = true;
    CHECK_THAT(svg_of_figure(figure_of(matrix)),
               Catch::Contains("iteration of the step") && !Catch::Contains("synaptic cell"));
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
    CHECK_THAT(message, Catch::StartsWith("`width` 4:"));
    figure.width_cm = std::stod(message.substr(message.find(phrase) + phrase.size()));
    CHECK(figure.width_cm < 8.0);
    svg_of_figure(figure);
}

namespace {

struct TextBox {
    std::string text;
    double left, right, bottom, top;  // pixels

    bool overlaps(const TextBox& other) const {
        return left < other.right && other.left < right && bottom < other.top && other.bottom < top;
    }
};

// Where gnuplot's SVG has its horizontal texts.
std::vector<TextBox> texts_of(const std::string& svg) {
    static const std::regex one(
        "<g transform=\"translate\\(([-0-9.]+),([-0-9.]+)\\)\" stroke=\"none\" fill=\"[^\"]*\" "
        "font-family=\"[^\"]*\" font-size=\"([0-9.]+)\" *text-anchor=\"([a-z]+)\">\\s*"
        "<text>([^<]*)</text>");
    std::vector<TextBox> boxes;
    for (std::sregex_iterator at(svg.begin(), svg.end(), one), end; at != end; ++at) {
        const double x = std::stod((*at)[1]), y = std::stod((*at)[2]), size = std::stod((*at)[3]);
        // width_cm is of 7 points, and leaves some room for other fonts.
        const double width = width_cm((*at)[5]) / 2.54 * 96.0 * size / (7.0 * 96.0 / 72.0) / 1.04;
        const std::string anchor = (*at)[4];
        const double left = anchor == "start" ? x : anchor == "end" ? x - width : x - width / 2.0;
        if (width > 0.0) boxes.push_back({(*at)[5], left, left + width, y - 0.75 * size, y});
    }
    return boxes;
}

Curve line_through(const std::string& name, std::size_t style, double from, double to) {
    return {name,
            {style % black, style / black},
            true,
            false,
            {{1.0, from, from, from}, {2e5, to, to, to}}};
}

// A figure as hard to lay out as figures get: long names, many curves, levels on each other.
Figure crowded(double low, double high) {
    Figure figure;
    figure.x = {0.0, 2e5};
    figure.x_label = "step (thousands)";
    figure.x_per_unit = 1000.0;
    CurvePanel panel{
        "plasticity.synthetic_gradient of a population with a very long name, means of "
        "500 steps (3 of 400 points are not above 0)",
        "loss of a task (nats)",
        {},
        {}};
    for (std::size_t k = 0; k < 24; ++k)
        panel.curves.push_back(line_through(
            fmt::format("dni_b_hidden64_rate_0.001_seed_{}{}", k,
                        k % 5 ? "" : ", population.hidden.size = 1024 (mean ± S.E.M., n = 20)"),
            k, low, high - 0.01 * double(k) * (high - low)));
    for (const double part : {0.9, 0.99, 1.0, 1.0})
        panel.levels.push_back({"both known", low + part * (high - low)});
    MatrixPanel matrix{
        "W_rec, dni_b_hidden64_rate_0.001_seed_0123456789: mean of 20 runs, step "
        "100000",
        "strength",
        1,
        2,
        {high, low},
        std::max(std::abs(high), std::abs(low))};
    figure.panels = {panel, panel, matrix};
    return figure;
}

}  // namespace

TEST_CASE("texts of a figure lie neither on each other nor outside of it", "[plot]") {
    for (const auto& [low, high] : {std::pair{0.0, 1.0},
                                    {999990.0, 1000010.0},
                                    {-3e-20, 2e-20},
                                    {1e-300, 1e300},
                                    {-7e8, 2.0}}) {
        for (const double width : {8.6, 17.2}) {
            for (const bool is_log : {false, true}) {
                if (is_log && low <= 0.0) continue;
                Figure figure = crowded(low, high);
                figure.width_cm = width;
                for (std::size_t k = 0; k < 2 && is_log; ++k)
                    std::get<CurvePanel>(figure.panels[k]).is_log = true;
                const std::string svg = svg_of_figure(figure);
                const std::vector<TextBox> boxes = texts_of(svg);
                INFO(low << " to " << high << ", " << width << " cm" << (is_log ? ", log" : ""));
                CHECK(boxes.size() > 50);
                const double right = width / 2.54 * 96.0;
                for (std::size_t a = 0; a < boxes.size(); ++a) {
                    INFO(boxes[a].text);
                    CHECK((boxes[a].left >= 0.0 && boxes[a].right <= right + 1.0));
                    for (std::size_t b = a + 1; b < boxes.size(); ++b) {
                        INFO(boxes[b].text);
                        CHECK_FALSE(boxes[a].overlaps(boxes[b]));
                    }
                }
            }
        }
    }
}

TEST_CASE("between the name of an axis and the title below it is as much as a line", "[plot]") {
    Figure figure = crowded(0.0, 1.0);
    const Panel matrix = figure.panels.back();
    figure.panels = {matrix, figure.panels.front(), matrix};
    const std::vector<TextBox> boxes = texts_of(svg_of_figure(figure));
    // Boxes count downwards: `bottom` is the smaller number.
    for (const std::string name : {"presynaptic cell", "step (thousands)"}) {
        const auto axis = std::find_if(boxes.begin(), boxes.end(),
                                       [&](const TextBox& one) { return one.text == name; });
        REQUIRE(axis != boxes.end());
        double nearest = 1e9;
        for (const TextBox& one : boxes)
            if (one.bottom > axis->top) nearest = std::min(nearest, one.bottom);
        CHECK(nearest - axis->top >= axis->top - axis->bottom);
    }
}

TEST_CASE("names too near each other move apart around where they belong", "[plot]") {
    const auto check = [](const std::vector<double>& places, const std::vector<double>& expected) {
        const std::vector<double> found = pushed_apart(places, 1.0, 0.0, 10.0);
        REQUIRE(found.size() == expected.size());
        for (std::size_t k = 0; k < found.size(); ++k) CHECK(found[k] == Approx(expected[k]));
    };
    check({0.0, 2.0, 7.0}, {0.0, 2.0, 7.0});
    check({4.0, 4.0}, {3.5, 4.5});
    check({4.0, 4.0, 4.0, 9.0}, {3.0, 4.0, 5.0, 9.0});
    check({9.8, 9.9}, {9.0, 10.0});  // none above the highest
    check({0.1, 0.1, 0.2}, {0.0, 1.0, 2.0});
    check({}, {});
}

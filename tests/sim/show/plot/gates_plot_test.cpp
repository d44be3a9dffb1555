// What a figure shows of gates that are late, slow, fail or are made by cells, and of phases that
// are carried out in turn.
#include "tests/sim/show/plot/plot_runs.hpp"

using namespace apical;

namespace {

constexpr const char *open_fill = "'#4D4D4D'", *meant_fill = "'#9CC9E3'";

// Begin, end and height (of 1) of the bars of a row, counted from the lowest, in a colour.
Curves bars_of(const std::string& script, int row, const std::string& fill) {
    Curves bars;
    std::istringstream lines(script);
    for (std::string line; std::getline(lines, line);) {
        double from = 0.0, bottom = 0.0, to = 0.0, top = 0.0;
        const int found = std::sscanf(
            line.c_str(), "set object rectangle from first %lf, first %lf to first %lf, first %lf",
            &from, &bottom, &to, &top);
        if (found != 4 || line.find("fc rgb " + fill) == std::string::npos) continue;
        if (std::abs(bottom - (row + 0.2)) < 1e-9) bars.push_back({from, to, (top - bottom) / 0.6});
    }
    return bars;
}

void check_bars(const Curves& found, const Curves& expected) {
    REQUIRE(found.size() == expected.size());
    for (std::size_t k = 0; k < found.size(); ++k) {
        for (std::size_t c = 0; c < 3; ++c)
            CHECK(found[k][c] == Approx(expected[k][c]).epsilon(1e-9));
    }
}

// Cells that settle in three turns of "down", 2 ms, and "up", 1 ms, and then learn for 4 ms.
const std::string in_turns = R"(
format = 1
phase = [{ name = "down", ms = 2.0 }, { name = "up", ms = 1.0 }, { name = "update", ms = 4.0 }]
group = [{ phases = ["down", "up"], repeat = 3 }]
population.one.role = "constant"
population.x = { size = 2, dendrites = ["apical"] }
population.y = { size = 2 }
gate.apical = { opens = "x.apical", during = "up" }
synapses.b = { from = "one", to = "x.soma", during = "down", init = { normal = 1.0 } }
synapses.A = { from = "y", to = "x.apical", during = "up", delay = "iteration", init = { normal = 1.0 } }
synapses.W = { from = "x", to = "y.soma", during = "up", init = { normal = 1.0 } }
run = { steps = 8, seed = 3 }
record = { all = { what = "*" } }
)";

}  // namespace

TEST_CASE("a late gate's bars begin and end where the run's events say that it moved", "[plot]") {
    const PlotRuns runs;
    const std::string run = runs.add(
        "run.h5", {"--steps", "30", "--set", "gate.disinhibition.latency_ms=1.0", "--set",
                   "gate.disinhibition.jitter_ms=0.3", "--set", "gate.disinhibition.failure=0.2",
                   "--set", "record={ all = { what = \"*\" } }"});
    const std::string script = runs.script({"run.h5", "hidden.apical.v", "--steps", "6:25"});
    const Curves expected = numpy(
        "moves = [(float(e['time_ms']), e['kind'] if isinstance(e['kind'], str) else "
        "e['kind'].decode()) for e in files[0]['events'][:]\n"
        "    if (e['target'] if isinstance(e['target'], str) else e['target'].decode()) == "
        "'disinhibition']\n"
        "bars, since = [], None\n"
        "for time, kind in moves + [(250.0, 'gate closes')]:\n"
        "    if kind == 'gate opens' and since is None: since = time\n"
        "    if kind == 'gate closes' and since is not None:\n"
        "        if time > 50 and since < 250: bars.append((max(since, 50), min(time, 250), 1))\n"
        "        since = None\n"
        "show(bars)",
        {run});
    check_bars(bars_of(script, 0, open_fill), expected);
    Curves meant;
    for (int step = 6; step <= 25; ++step) meant.push_back({10.0 * step - 4.0, 10.0 * step, 1.0});
    check_bars(bars_of(script, 0, meant_fill), meant);
    CHECK(expected.size() < meant.size());  // some moves fail
    CHECK_THAT(script,
               Catch::Contains("'gate: meant to be open'") && Catch::Contains("'gate: as it was'"));
}

TEST_CASE("a slow gate's bars are as high as its mean over a phase", "[plot]") {
    const PlotRuns runs;
    runs.add("run.h5", {"--steps", "30", "--set", "gate.disinhibition.tau_ms=2.0", "--set",
                        "record={ all = { what = \"*\" } }"});
    const std::string script = runs.script({"run.h5", "hidden.apical.v", "--steps", "20:21"});
    // 4 ms open and 6 ms shut in turn, long after the beginning: g = x and g = y at their ends.
    const double y = (1.0 - std::exp(-2.0)) / (1.0 - std::exp(-5.0)), x = y * std::exp(-3.0);
    const double open = 1.0 + (x - 1.0) * 2.0 / 4.0 * (1.0 - std::exp(-2.0));
    const double shut = y * 2.0 / 6.0 * (1.0 - std::exp(-3.0));
    check_bars(bars_of(script, 0, open_fill),
               {{190, 196, shut}, {196, 200, open}, {200, 206, shut}, {206, 210, open}});
    check_bars(bars_of(script, 0, meant_fill), {{196, 200, 1.0}, {206, 210, 1.0}});
}

TEST_CASE("bars of a gate that cells make are as high as the mean over the gated cells", "[plot]") {
    const PlotRuns runs;
    const std::string model = path_of_shipped("circuits/dni_b_disinhibition");
    REQUIRE(apical_in(runs.folder, {"run", model, "-q", "-o", "cells.h5", "--steps", "30", "--set",
                                    "gate.disinhibition={ opens = \"hidden.apical\", by = "
                                    "\"activity\", form = \"graded\", "
                                    "scale = 2.0, during = \"update\" }",
                                    "--set", "record={ all = { what = \"*\" } }"})
                .code == 0);
    const std::string script = runs.script({"cells.h5", "hidden.apical.v", "--steps", "20:21"});
    // Four SST cells that fire 1 in "forward" bring 4 x 0.25: the gate is 1 - 1 / 2.
    check_bars(bars_of(script, 0, open_fill),
               {{190, 196, 0.5}, {196, 200, 1.0}, {200, 206, 0.5}, {206, 210, 1.0}});
    check_bars(bars_of(script, 0, meant_fill), {{196, 200, 1.0}, {206, 210, 1.0}});
}

TEST_CASE("phases in turn are shaded in each turn, and drawn where they were recorded", "[plot]") {
    const PlotRuns runs;
    runs.folder.write("turns.toml", in_turns);
    REQUIRE(apical_in(runs.folder, {"run", "turns.toml", "-q", "-o", "turns.h5"}).code == 0);
    const std::string script = runs.script({"turns.h5", "x.r", "--steps", "3:4", "--cells", "0:1"});
    // Step 3 lasts from 26 to 39 ms, its turns 3 ms each.
    for (const int from : {28, 31, 34, 41, 44, 47}) {
        INFO(from);
        const std::string shade = fmt::format(
            "rectangle from first {}, graph 0 to first {}, graph 1 behind", from, from + 1);
        CHECK(count(script, shade) == 2);  // under the curves and under the gate
    }
    CHECK(count(script, "graph 0 to first") == 16);  // and "update" in each step
    check_bars(bars_of(script, 0, open_fill),
               {{28, 29, 1}, {31, 32, 1}, {34, 35, 1}, {41, 42, 1}, {44, 45, 1}, {47, 48, 1}});
    const Curves data = data_of(script, "panel1_curve1");
    std::vector<double> begins;
    for (const auto& line : data) begins.push_back(line[0]);
    CHECK(begins == std::vector<double>{26, 32, 34, 35, 39, 45, 47, 48, 52});
    REQUIRE(data.size() == 9);
    CHECK((std::isnan(data[0][1]) && std::isnan(data[4][1])));
    CHECK_FALSE((std::isnan(data[1][1]) || std::isnan(data[5][1])));
}

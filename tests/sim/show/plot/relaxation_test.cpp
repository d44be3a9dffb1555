// Voltages with a time constant are drawn as they go on between the ends of phases.
#include "sim/show/plot/relaxation.hpp"

#include "tests/sim/show/plot/plot_runs.hpp"

using namespace apical;

namespace {

constexpr double tau = 7.0;

// The apical dendrite is slow; its drive is recorded beside it.
std::string slow_run(const PlotRuns& runs, const std::string& name, const char* seed,
                     const std::string& steps) {
    return runs.add(name, {"--steps", steps, "--seed", seed, "--set",
                           fmt::format("population.hidden.tau_ms={{ apical = {} }}", tau), "--set",
                           "record.beginning.what=['hidden.apical.v', 'hidden.apical.drive', "
                           "'hidden.r']"});
}

// v(t) = I + (v(0) - I) exp(-t / tau) within each phase, from the recorded drive I and the value at
// the end of the phase before.
const std::string solution = fmt::format(R"(
def course(file, cell, ms):
    drive = file['state/hidden/apical/drive'][:, :, cell]
    voltage = file['state/hidden/apical/voltage'][:, :, cell]
    steps = list(file['state/hidden/apical/voltage'].dims[0][0][:])
    step, part = int(ms // 10) + 1, ms % 10
    phase, begin = (0, 0) if part < 6 else (1, 6)
    row = steps.index(step)
    before = voltage[row, 0] if phase == 1 else voltage[steps.index(step - 1), 1] if step > 1 else 0.0
    return drive[row, phase] + (before - drive[row, phase]) * numpy.exp(-(part - begin) / {})
)",
                                         tau);

void check_course(const Curves& found, const Curves& expected) {
    REQUIRE(found.size() == expected.size());
    for (std::size_t k = 0; k < found.size(); ++k)
        for (std::size_t c = 0; c < 2; ++c) {
            INFO("point " << k);
            REQUIRE(found[k][c] == Approx(expected[k][c]).margin(1e-12));
        }
}

}  // namespace

TEST_CASE("a voltage with a time constant is drawn by its exact solution, not as a step",
          "[plot]") {
    const PlotRuns runs;
    const std::string run = slow_run(runs, "slow.h5", "1", "20");
    for (const char* steps : {"1:20", "5:8"}) {
        const std::string script =
            runs.script({"slow.h5", "hidden.apical.v", "--cells", "3", "--steps", steps});
        const Curves curve = data_of(script, "panel1_curve1");
        std::string times;
        for (const auto& point : curve) times += fmt::format("{},", point[0]);
        // From the first phase's beginning to the end of the last, with points within each phase.
        CHECK(curve.front()[0] == (steps[0] == '1' ? 0.0 : 40.0));
        CHECK(curve.back()[0] == (steps[0] == '1' ? 200.0 : 80.0));
        CHECK(curve.size() > 4 * 2 * 10);
        check_course(curve, numpy(solution + fmt::format("show([[t, course(files[0], 3, min(t, "
                                                         "199.9999999999))] for t in [{}]])",
                                                         times),
                                  {run}));
        CHECK_THAT(script, Catch::Contains("$panel1_curve1 using 1:2 with lines"));
    }
    // What is not slow is held, its drive too.
    const std::string held = runs.script({"slow.h5", "hidden.apical.drive", "hidden.r"});
    CHECK(count(held, " with steps ") == 8);
}

TEST_CASE("where the step before was not sampled a slow voltage is known from a phase's end on",
          "[plot]") {
    const PlotRuns runs;
    runs.add("run.h5",
             {"--steps", "30", "--set", "population.hidden.tau_ms={ apical = 7.0 }", "--set",
              "record.coarse.what='loss'", "--set", "record.beginning.what='loss'", "--set",
              "record.end.what='hidden.apical.v'", "--set", "record.end.from=21", "--set",
              "record.end.to=30"});
    const Curves curve =
        data_of(runs.script({"run.h5", "hidden.apical.v", "--cells", "0"}), "panel1_curve1");
    for (const auto& [x, y] : {std::pair{curve[0][0], curve[0][1]}, {curve[5][0], curve[5][1]}}) {
        CHECK((x >= 200.0 && x < 206.0));
        CHECK(std::isnan(y));
    }
    for (const auto& point : curve)
        if (point[0] >= 206.0) CHECK(std::isfinite(point[1]));
}

TEST_CASE("the mean of slow voltages has the standard error that they have at each moment",
          "[plot]") {
    const PlotRuns runs;
    std::vector<std::string> paths;
    for (const char* seed : {"1", "2", "3"})
        paths.push_back(slow_run(runs, fmt::format("run{}.h5", seed), seed, "10"));
    const Curves band = data_of(runs.script({"run1.h5", "run2.h5", "run3.h5", "hidden.apical.v",
                                             "--mean", "--cells", "1", "--steps", "3:4"}),
                                "panel1_band1");
    std::string times;
    for (const auto& point : band) times += fmt::format("{},", point[0]);
    const Curves expected = numpy(
        solution + fmt::format(
                       "for t in [{}]:\n"
                       "    v = numpy.array([course(f, 1, min(t, 39.9999999999)) for f in files])\n"
                       "    error = v.std(ddof=1) / numpy.sqrt(3)\n"
                       "    show([[v.mean() - error, v.mean() + error]])",
                       times),
        paths);
    REQUIRE(band.size() == expected.size());
    for (std::size_t k = 0; k < band.size(); ++k) {
        REQUIRE(band[k][1] == Approx(expected[k][0]).margin(1e-11));
        REQUIRE(band[k][2] == Approx(expected[k][1]).margin(1e-11));
    }
}

TEST_CASE("what relaxes has come all of the way at a phase's end, for any time constant",
          "[plot]") {
    for (const double slow : {1e-3, 1.0, 6.0, 1e9}) {
        CHECK(relaxed_share(0.0, 6.0, slow) == 0.0);
        CHECK(relaxed_share(6.0, 6.0, slow) == 1.0);
    }
    CHECK(relaxed_share(3.0, 6.0, 1e12) == Approx(0.5));  // a straight line
    CHECK(relaxed_share(2.0, 6.0, 4.0) == Approx((1.0 - std::exp(-0.5)) / (1.0 - std::exp(-1.5))));
}

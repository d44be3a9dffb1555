// `apical plot RESULT`: learning curves, a panel for each task.
#include "tests/sim/show/plot/plot_runs.hpp"
#include "tests/sim/sweep/sweep_folder.hpp"

using namespace apical;

namespace {

// Twenty blocks, which is a window of two.
std::string two_tasks() {
    return "format = 1\nseeds = \"1:4\"\nblocks = 20\n" + small_set + model_lines("RFLO", "rflo") +
           model_lines("fixed W", "fixed_w") +
           "[task.add]\nkind = \"add\"\nlags = [2, 4]\n[task.mimic]\nkind = \"mimic\"\n";
}

const SweepFolder& ready() {
    static const SweepFolder sweep(two_tasks());
    static const JobCounts done = sweep.done();
    CHECK(done == JobCounts{16, 16, 0, 0, 0});
    return sweep;
}

std::string script_of(const SweepFolder& sweep) {
    const Outcome outcome = apical_in(sweep.folder, {"plot", "runs/s.h5", "-o", "f.gp"});
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    return content_of(sweep.folder / "f.gp");
}

}  // namespace

TEST_CASE("curves of a result are running means over a tenth of the blocks, with their S.E.M.",
          "[sweep][plot]") {
    const std::string script = script_of(ready());
    const Curves expected = numpy(R"(
result = files[0]
models, tasks = result["jobs/model"].asstr()[:], result["jobs/task"].asstr()[:]
for task in ("add", "mimic"):
    for model in ("RFLO", "fixed W"):
        curves = result["curves/loss"][:][(models == model) & (tasks == task)]
        running = numpy.array([numpy.convolve(c, [0.5, 0.5], "valid") for c in curves])
        mean, sem = running.mean(0), running.std(0, ddof=1) / 2
        # Each at the middle of its twenty steps.
        show(zip(10.0 + 10 * numpy.arange(19), mean, mean - sem, mean + sem))
)",
                                  {ready().result()});
    REQUIRE(expected.size() == 4 * 19);
    for (std::size_t k = 0; k < 4; ++k) {
        const std::string place = fmt::format("panel{}_", 1 + k / 2);
        INFO(place << k % 2 + 1);
        Curves curve, band;
        for (std::size_t at = 19 * k; at < 19 * (k + 1); ++at) {
            curve.push_back({expected[at][0], expected[at][1]});
            band.push_back({expected[at][0], expected[at][2], expected[at][3]});
        }
        check_near(data_of(script, place + fmt::format("curve{}", k % 2 + 1)), curve);
        check_near(data_of(script, place + fmt::format("band{}", k % 2 + 1)), band);
    }
    CHECK_THAT(script, !Catch::Contains("$panel3") && !Catch::Contains("_curve3"));
}

TEST_CASE("a figure of a result names tasks, models and bounds", "[sweep][plot]") {
    const std::string script = script_of(ready());
    for (const char* word :
         {"'add'", "'mimic'", "'RFLO (mean ± S.E.M., n = 4)'", "'fixed W (mean ± S.E.M., n = 4)'",
          "'nothing known'", "'step'", "'loss (nats)'", "'loss'"})
        CHECK_THAT(script, Catch::Contains(word));
}

TEST_CASE("a figure of a result is drawn", "[sweep][plot]") {
    const Outcome outcome = apical_in(ready().folder, {"plot", "runs/s.h5", "-o", "f.svg"});
    INFO(outcome.err);
    CHECK(outcome.code == 0);
    const std::string svg = content_of(ready().folder / "f.svg");
    CHECK_THAT(svg, Catch::StartsWith("<?xml") && Catch::Contains("fixed W"));
}

TEST_CASE("a result of one seed has curves without bands, of few blocks without a window",
          "[sweep][plot]") {
    const SweepFolder sweep("format = 1\nseeds = [3]\nblocks = 5\n" + small_set +
                            model_lines("RFLO", "rflo"));
    sweep.done();
    const std::string script = script_of(sweep);
    const std::vector<double> losses = Stored(sweep.result()).numbers("curves/loss");
    Curves expected;
    for (std::size_t k = 0; k < 5; ++k) expected.push_back({20.0 + 40.0 * double(k), losses[k]});
    check_near(data_of(script, "panel1_curve1"), expected);
    CHECK_THAT(script, !Catch::Contains("_band1") && Catch::Contains("'RFLO (n = 1)'"));
}

TEST_CASE("a figure that cannot be made of a result says why", "[sweep][plot]") {
    const TemporaryFolder& folder = ready().folder;
    CHECK(apical_in(folder, {"plot", "runs/s.h5"}).code == 2);
    CHECK(apical_in(folder, {"plot", "runs/s.h5", "-o", "f.bmp"}).code == 2);
    CHECK(apical_in(folder, {"plot", "runs/s.h5", "--mean", "-o", "f.gp"}).code == 2);
    CHECK(apical_in(folder, {"plot", "runs/s.h5", "-o", "/proc/f.svg"}).code == 73);
    CHECK(apical_in(folder, {"plot", "runs/none.h5", "-o", "f.svg"}).code == 66);
}

TEST_CASE("jobs of different lengths are drawn in one panel, each to its end", "[sweep][plot]") {
    const SweepFolder sweep(
        "format = 1\nseeds = [1, 2]\nblocks = 10\n[set]\n"
        "population.hidden.size = 4\n" +
        model_lines("RFLO", "rflo") + "[grid]\nrun.steps = [200, 7, 400]\n");
    sweep.done();
    const std::string script = script_of(sweep);
    CHECK(data_of(script, "panel1_curve1").size() == 10);
    CHECK(data_of(script, "panel1_curve2").size() == 7);
    CHECK(data_of(script, "panel1_curve3").back()[0] == 380.0);
}

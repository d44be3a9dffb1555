// Rasters of spikes, held to what h5py finds in the run files.
#include "tests/sim/show/plot/plot_runs.hpp"

using namespace apical;

namespace {

constexpr const char* spiking = R"(format = 1
phase = [{ name = "step", ms = 2.0 }]
population.input = { role = "input", size = 9, fires = { by = "poisson", rate_hz = 60.0 } }
population.rec = { size = 12, tau_ms = { soma = 20.0 }, impulse = ["soma"], spikes = { threshold = 1.0, reset = 0.0 } }
synapses.W = { from = "input", to = "rec.soma", during = "step", init = { uniform = [0.0, 0.4] } }
run = { steps = 200, seed = 1 }
record.all = { what = ["*.spikes", "rec.soma.v", "W"] }
)";

struct Rasters : PlotRuns {
    std::string run;

    Rasters() {
        folder.write("model.toml", spiking);
        const Outcome outcome = apical_in(folder, {"run", "model.toml", "-q", "-o", "run.h5"});
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        run = folder / "run.h5";
    }
    void refuses(std::vector<std::string> arguments, const std::string& phrase) const {
        arguments.insert(arguments.end(), {"-o", "figure.svg"});
        const Outcome outcome = plot(arguments);
        CHECK(outcome.code == 2);
        CHECK_THAT(outcome.err, Catch::Contains(phrase));
    }
};

}  // namespace

TEST_CASE("a raster has a tick for each spike, at its time and its cell", "[plot][spikes]") {
    const Rasters runs;
    const std::string script = runs.script({"run.h5", "input.spikes", "rec.spikes", "rec.soma.v",
                                            "--steps", "20:120", "--cells", "2:5"});
    const auto expected = [&](const std::string& population) {
        return numpy(fmt::format("s = files[0]['spikes/{}']\n"
                                 "k, i, t = (s[n][:] for n in ('step', 'node_ids', 'timestamps'))\n"
                                 "m = (k >= 20) & (k <= 120) & (i >= 2) & (i < 5)\n"
                                 "show(zip(t[m], i[m]))",
                                 population),
                     {runs.run});
    };
    const Curves ticks = data_of(script, "panel1_curve1");
    REQUIRE(ticks.size() > 10);
    CHECK(ticks == expected("input"));
    CHECK(data_of(script, "panel2_curve1") == expected("rec"));
    CHECK_THAT(script, Catch::Contains("'input.spikes'") &&
                           Catch::Contains("set yrange [1.5:4.5]") &&
                           Catch::Contains("using 1:($2-0.4):(0):(0.8) with vectors nohead"));
    CHECK_THAT(script, Catch::Contains("set xrange [38:240]"));
    const std::string whole = runs.script({"run.h5", "rec.spikes"});
    CHECK_THAT(whole,
               Catch::Contains("set yrange [-0.5:11.5]") && Catch::Contains("set xrange [0:400]"));
}

TEST_CASE("each run has a raster of its own", "[plot][spikes]") {
    const Rasters runs;
    const Outcome outcome =
        apical_in(runs.folder, {"run", "model.toml", "-q", "-o", "other.h5", "--seed", "2"});
    REQUIRE(outcome.code == 0);
    const std::string script = runs.script({"run.h5", "other.h5", "rec.spikes"});
    CHECK_THAT(script,
               Catch::Contains("'rec.spikes, run'") && Catch::Contains("'rec.spikes, other'"));
    CHECK(data_of(script, "panel1_curve1") != data_of(script, "panel2_curve1"));
    runs.refuses({"run.h5", "other.h5", "rec.spikes", "--mean"}, "the spikes of \"rec\" have none");
}

TEST_CASE("a raster is drawn by gnuplot, also without a spike", "[plot][spikes]") {
    const Rasters runs;
    for (const char* steps : {"1:200", "1:1"}) {
        const Outcome outcome =
            runs.plot({"run.h5", "rec.spikes", "--steps", steps, "-o", "figure.svg"});
        INFO(outcome.err);
        CHECK(outcome.code == 0);
        CHECK(outcome.err.empty());
        CHECK_THAT(content_of(runs.folder / "figure.svg"), Catch::Contains("rec.spikes"));
    }
}

TEST_CASE("what a raster cannot be is refused", "[plot][spikes]") {
    const Rasters runs;
    runs.refuses({"run.h5", "rec.spikes", "--cells", "12:20"}, "has the cells 0 to 11");
    runs.refuses({"run.h5", "rec.spikes", "--at", "3"}, "none is drawn");
    runs.refuses({"run.h5", "rec.spikes", "--block", "3"}, "--block");
    runs.refuses({"run.h5", "rec.spikes", "--log", "y"}, "counted one by one");
    runs.refuses({"run.h5", "rec.spikes", "--steps", "1:201"}, "200");
    const Outcome outcome = runs.plot({"run.h5", "one.spikes", "-o", "figure.svg"});
    CHECK(outcome.code == 65);
}

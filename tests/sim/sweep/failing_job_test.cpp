// Jobs whose numbers grow beyond all bounds.
#include <cmath>

#include "tests/sim/sweep/sweep_folder.hpp"

using namespace apical;

namespace {

// Three good jobs, and three that diverge: linear outputs, that learn much too fast.
std::string diverging() {
    return three_jobs() +
           "set = { task.kind = \"mimic\" }\n[grid]\nplasticity.readout.rate = [1e-3, 1e6]\n";
}

}  // namespace

TEST_CASE("a job that diverges stops no other, is listed, and has a row that says why", "[sweep]") {
    const SweepFolder sweep(diverging());
    const Outcome outcome = sweep.sweep();
    CHECK(outcome.code == 3);
    CHECK(counted(outcome) == JobCounts{6, 6, 0, 3, 0});
    const Outcome alone = apical_in(
        sweep.folder, {"run", path_of_shipped("rflo"), "-q", "-o", "r.h5", "--seed", "2", "--set",
                       "run.steps=200", "--set", "population.hidden.size=4", "--set",
                       "task.kind=\"mimic\"", "--set", "plasticity.readout.rate=1e6"});
    CHECK(alone.code == 3);
    const Stored stored(sweep.result()), run(sweep.folder / "r.h5");
    const auto rates = stored.numbers("jobs/plasticity.readout.rate"),
               losses = stored.numbers("jobs/loss"), steps = stored.numbers("jobs/steps"),
               seeds = stored.numbers("jobs/seed"), curves = stored.numbers("curves/loss"),
               ends = stored.numbers("curves/step");
    const auto failures = stored.texts("jobs/failure");
    REQUIRE(rates.size() == 6);
    for (std::size_t k = 0; k < 6; ++k) {
        INFO("rate " << rates[k] << ", seed " << seeds[k]);
        const bool bad = rates[k] > 1.0;
        CHECK(std::isnan(losses[k]) == bad);
        CHECK(failures[k].empty() == !bad);
        CHECK((steps[k] < 200.0) == bad);
        // Only complete blocks, of steps that came to an end, have a mean.
        for (std::size_t block = k * 10; block < k * 10 + 10; ++block) {
            CHECK(std::isnan(curves[block]) == (ends[block] == 0.0));
            CHECK(ends[block] <= steps[k]);
        }
        if (bad)
            CHECK_THAT(outcome.out, Catch::Contains(fmt::format("mimic, plasticity.readout.rate = "
                                                                "1000000.0, seed {}: {}",
                                                                seeds[k], failures[k])));
        if (bad && seeds[k] == 2.0) {
            CHECK(alone.err.find(failures[k]) != std::string::npos);
            CHECK(steps[k] == run.number("steps_completed"));
        }
    }

    // It is not run again, but listed again, reported, and of the others there is a figure.
    const auto before = all_but_seconds(sweep.result());
    const Outcome again = sweep.sweep();
    CHECK(again.code == 3);
    CHECK(counted(again) == JobCounts{6, 0, 6, 3, 0});
    check_same(all_but_seconds(sweep.result()), before);
    const Outcome report = apical_in(sweep.folder, {"report", "runs/s.h5"});
    CHECK(report.code == 0);
    CHECK_THAT(report.out, Catch::Contains("3 failed"));
    const Outcome plot = apical_in(sweep.folder, {"plot", "runs/s.h5", "-o", "f.gp"});
    CHECK(plot.code == 0);
    const std::string script = content_of(sweep.folder / "f.gp");
    CHECK(script.find("nan") == std::string::npos);
    CHECK_THAT(script, Catch::Contains("RFLO, rate = 1000000.0 (0 of 3 finished)") &&
                           Catch::Contains("'loss'"));
}

TEST_CASE("the legend has a model once, and says of which task how many seeds failed",
          "[sweep][plot]") {
    const SweepFolder sweep(three_jobs() +
                            "set = { plasticity.readout.rate = 1e6 }\n[task.add]\nkind = \"add\"\n"
                            "[task.mimic]\nkind = \"mimic\"\n");
    CHECK(counted(sweep.sweep()) == JobCounts{6, 6, 0, 3, 0});
    REQUIRE(apical_in(sweep.folder, {"plot", "runs/s.h5", "--width", "17", "-o", "f.gp"}).code ==
            0);
    const std::string script = content_of(sweep.folder / "f.gp");
    const std::string name = "RFLO (add: mean ± S.E.M., n = 3; mimic: 0 of 3 finished)";
    const std::size_t at = script.find(name);
    REQUIRE(at != std::string::npos);
    CHECK(script.find("RFLO", at + name.size()) == std::string::npos);
    CHECK_THAT(script, Catch::Contains("'loss (nats)'") && Catch::Contains("'mimic'"));
}

TEST_CASE("the jobs beside one that diverges are what they are without it", "[sweep]") {
    const SweepFolder sweep(diverging());
    CHECK(sweep.sweep({"-j", "2"}).code == 3);
    const SweepFolder good(three_jobs() +
                           "set = { task.kind = \"mimic\" }\n[grid]\n"
                           "plasticity.readout.rate = [1e-3]\n");
    good.done();
    const Stored both(sweep.result()), alone(good.result());
    const std::vector<double> losses = both.numbers("jobs/loss");
    CHECK(std::vector<double>(losses.begin(), losses.begin() + 3) == alone.numbers("jobs/loss"));
}

TEST_CASE("a sweep of which every job diverges has a result without curves", "[sweep]") {
    const SweepFolder sweep(three_jobs() +
                            "set = { task.kind = \"mimic\", "
                            "plasticity.readout.rate = 1e6, run.steps = 5000 }\n");
    CHECK(sweep.sweep().code == 3);
    const Outcome report = apical_in(sweep.folder, {"report", "runs/s.h5"});
    CHECK(report.code == 0);
    CHECK_THAT(report.out, Catch::Contains("3 failed"));
    const Outcome json = apical_in(sweep.folder, {"report", "runs/s.h5", "--json"});
    CHECK(json.code == 0);
    const Outcome plot = apical_in(sweep.folder, {"plot", "runs/s.h5", "-o", "f.gp"});
    CHECK(plot.code == 65);
    CHECK_THAT(plot.err, Catch::Contains("nothing to draw"));
}

TEST_CASE("a job that diverges keeps the run file that `apical run` leaves", "[sweep]") {
    const SweepFolder sweep("format = 1\nseeds = [2]\n" + small_set +
                            model_lines("RFLO", "rflo",
                                        "set = { task.kind = \"mimic\", "
                                        "plasticity.readout.rate = 1e6 }\n") +
                            "[[keep]]\n");
    CHECK(sweep.sweep().code == 3);
    const std::string file = Stored(sweep.result()).texts("jobs/run_file")[0];
    REQUIRE(exists(sweep.folder / "runs/" + file));
    CHECK(apical_in(sweep.folder,
                    {"run", path_of_shipped("rflo"), "-q", "-o", "r.h5", "--seed", "2", "--set",
                     "run.steps=200", "--set", "population.hidden.size=4", "--set",
                     "task.kind=\"mimic\"", "--set", "plasticity.readout.rate=1e6"})
              .code == 3);
    CHECK(is_same_file(sweep.folder / "runs/" + file, sweep.folder / "r.h5"));
    CHECK(counted(sweep.sweep()) == JobCounts{1, 0, 1, 1, 0});
}

TEST_CASE("a sweep whose files cannot grow says so in one line", "[sweep]") {
    const CrashesAreSignals crashes;  // and what HDF5 leaks is not ours
    const SweepFolder sweep(three_jobs());
    for (const char* blocks : {"2", "20"}) {  // of 512 bytes: less than the file's beginning, more
        std::vector<std::string> command{
            "sh", "-c", fmt::format("ulimit -f $0; exec env {} \"$@\"", without_counts), blocks};
        for (const std::string& word : apical_command({"sweep", "s.toml", "-q"}))
            command.push_back(word);
        const Outcome outcome = Running(sweep.folder, command).wait();
        INFO(blocks << ": " << outcome.err);
        CHECK((outcome.code == 73 || outcome.code == 74));
        CHECK_THAT(outcome.err, Catch::StartsWith("apical: cannot write ") &&
                                    Catch::EndsWith(": File too large\n"));
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    }
}

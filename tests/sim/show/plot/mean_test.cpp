// --mean: one curve for each group of runs that differ in their seed alone.
#include "tests/sim/show/plot/plot_runs.hpp"

using namespace apical;

namespace {

struct SeededRuns : PlotRuns {
    // "slow_1.h5", with `options`.
    std::string seed(const std::string& name, int k,
                     const std::vector<std::string>& options = {}) const {
        std::vector<std::string> all{"--steps", "100", "--seed", std::to_string(k)};
        all.insert(all.end(), options.begin(), options.end());
        return add(fmt::format("{}_{}.h5", name, k), all);
    }
};

const std::vector<std::string> fast{"--set", "plasticity.recurrent.rate=0.01"};

void check_refused(const Outcome& outcome, const std::vector<std::string>& phrases) {
    INFO(outcome.err);
    CHECK(outcome.code == 2);
    for (const std::string& phrase : phrases) CHECK_THAT(outcome.err, Catch::Contains(phrase));
}

}  // namespace

TEST_CASE("runs that differ in more than their seed are means of their own", "[plot]") {
    const SeededRuns runs;
    const std::vector<std::string> paths{runs.seed("slow", 1), runs.seed("slow", 2),
                                         runs.seed("fast", 1, fast), runs.seed("fast", 2, fast)};
    runs.seed("other", 1, {"--set", "plasticity.recurrent.rate=0.02"});
    const std::string script =
        runs.script({"slow_1.h5", "fast_1.h5", "slow_2.h5", "other_1.h5", "fast_2.h5", "loss",
                     "W_in", "--mean", "--block", "20", "--at", "10"});
    const std::string means =
        "m = numpy.array([f['signals/loss'][:].reshape(-1, 20).mean(1) for f in files])\n"
        "x = 10.5 + 20 * numpy.arange(5)\n";
    for (const auto& [curve, first] : {std::pair{1, 0}, std::pair{2, 2}}) {
        check_near(
            data_of(script, fmt::format("panel1_curve{}", curve)),
            numpy(means + fmt::format("show(zip(x, m[{0}:{0} + 2].mean(0)))", first), paths));
        check_near(
            data_of(script, fmt::format("panel{}", curve + 1)),
            numpy(fmt::format("show(sum(f['synapses/W_in/strength'][10] for f in files[{0}:{0} + "
                              "2]) / 2)",
                              first),
                  paths));
    }
    CHECK_THAT(script, Catch::Contains("'slow: mean of 2 runs \u00b1 S.E.M.'") &&
                           Catch::Contains("'fast: mean of 2 runs \u00b1 S.E.M.'") &&
                           Catch::Contains("'other_1'") &&
                           Catch::Contains("'W_in, fast: mean of 2 runs, step 10'"));
    CHECK_THAT(script, Catch::Contains("$panel1_band2") && !Catch::Contains("$panel1_band3"));
}

TEST_CASE("means of models of different titles are called by these", "[plot]") {
    const SeededRuns runs;
    for (const int k : {1, 2}) {
        runs.seed("a", k);
        runs.seed("b", k, {"--set", "title='Another rule: the same, in fact'"});
    }
    CHECK_THAT(runs.script({"a_1.h5", "a_2.h5", "b_1.h5", "b_2.h5", "loss", "--mean"}),
               Catch::Contains("'DNI(b): mean of 2 runs \u00b1 S.E.M.'") &&
                   Catch::Contains("'Another rule: mean of 2 runs \u00b1 S.E.M.'"));
}

TEST_CASE("the name of a mean has no beginning of a seed", "[plot]") {
    const SeededRuns runs;
    for (const int k : {10, 12}) {
        runs.seed("slow_seed", k);
        runs.seed("fast", k, fast);
    }
    CHECK_THAT(
        runs.script(
            {"slow_seed_10.h5", "slow_seed_12.h5", "fast_10.h5", "fast_12.h5", "loss", "--mean"}),
        Catch::Contains("'slow: mean of 2 runs ") && Catch::Contains("'fast: mean of 2 runs "));
}

TEST_CASE("a run that comes twice, and runs of which no two are alike, have no mean", "[plot]") {
    const SeededRuns runs;
    const std::string one = runs.seed("slow", 1);
    runs.seed("slow", 2);
    std::filesystem::copy_file(one, runs.folder / "copy.h5");
    const auto mean = [&](const std::vector<std::string>& files) {
        std::vector<std::string> words = files;
        words.insert(words.end(), {"loss", "--mean", "-o", "figure.svg"});
        return runs.plot(words);
    };
    check_refused(mean({"slow_1.h5", "slow_2.h5", "slow_1.h5"}), {"are the same run, of seed 1"});
    check_refused(mean({"slow_1.h5", "slow_2.h5", "copy.h5"}),
                  {"slow_1.h5 and copy.h5 are the same run, of seed 1"});
    runs.add("short_3.h5", {"--steps", "50", "--seed", "3"});
    check_refused(mean({"slow_1.h5", "short_3.h5"}),
                  {"in their seed alone", "slow_1.h5 and short_3.h5 differ in run.steps"});
}

TEST_CASE("the loss is called by its unit, where all runs have the same", "[plot]") {
    const SeededRuns runs;
    runs.seed("add", 1);
    runs.seed("mimic", 1, {"--set", "task.kind=mimic"});
    // sim/tasks/task.hpp: cross-entropy of a softmax; half a mean of squares of a linear output.
    CHECK_THAT(runs.script({"add_1.h5", "loss"}), Catch::Contains("'loss (nats)'"));
    CHECK_THAT(runs.script({"mimic_1.h5", "loss"}), Catch::Contains("'loss (half mean square)'"));
    CHECK_THAT(runs.script({"add_1.h5", "mimic_1.h5", "loss"}),
               Catch::Contains("'loss'") && !Catch::Contains("'loss ("));
}

// What a job comes to is what `apical run` comes to.
#include "tests/sim/sweep/sweep_folder.hpp"

using namespace apical;

namespace {

// Means of `blocks` equal parts.
std::vector<double> block_means(const std::vector<double>& losses, std::size_t blocks) {
    std::vector<double> means;
    const std::size_t size = losses.size() / blocks;
    for (std::size_t k = 0; k < blocks; ++k) {
        double sum = 0.0;
        for (std::size_t i = 0; i < size; ++i) sum += losses[k * size + i];
        means.push_back(sum / double(size));
    }
    return means;
}

Outcome run_in(const TemporaryFolder& folder, const std::string& model, int seed,
               const std::vector<std::string>& settings, const std::string& output) {
    std::vector<std::string> all{"run",
                                 path_of_shipped(model),
                                 "-q",
                                 "--seed",
                                 std::to_string(seed),
                                 "-o",
                                 output,
                                 "--force",
                                 "--set",
                                 "run.steps=200",
                                 "--set",
                                 "population.hidden.size=4"};
    for (const std::string& one : settings) {
        all.push_back("--set");
        all.push_back(one);
    }
    return apical_in(folder, all);
}

const std::string add_and_mimic =
    "[task.add]\nkind = \"add\"\nlags = [2, 4]\n[task.mimic]\nkind = \"mimic\"\n";
const std::string loss_alone = "record={ loss = { what = \"loss\" } }";

}  // namespace

TEST_CASE("a job's loss and curve are those of `apical run` with the same overrides", "[sweep]") {
    const SweepFolder sweep("format = 1\nseeds = [5]\nblocks = 8\n" + small_set +
                            model_lines("RFLO", "rflo") + model_lines("DNI(b)", "dni_b") +
                            add_and_mimic + "[grid]\nplasticity.readout.rate = [1e-3, 1e-2]\n");
    CHECK(sweep.done() == JobCounts{8, 8, 0, 0, 0});
    const Stored stored(sweep.result());
    const auto models = stored.texts("jobs/model"), tasks = stored.texts("jobs/task");
    const auto seeds = stored.numbers("jobs/seed"), losses = stored.numbers("jobs/loss"),
               rates = stored.numbers("jobs/plasticity.readout.rate"),
               steps = stored.numbers("jobs/steps"), curves = stored.numbers("curves/loss"),
               ends = stored.numbers("curves/step");
    REQUIRE(models.size() == 8);
    for (std::size_t k = 0; k < 8; ++k) {
        INFO(models[k] << ", " << tasks[k] << ", rate " << rates[k] << ", seed " << seeds[k]);
        std::vector<std::string> settings{fmt::format("plasticity.readout.rate={}", rates[k]),
                                          fmt::format("task.kind=\"{}\"", tasks[k]), loss_alone};
        if (tasks[k] == "add") settings.push_back("task.lags=[2, 4]");
        const Outcome outcome = run_in(sweep.folder, models[k] == "RFLO" ? "rflo" : "dni_b",
                                       int(seeds[k]), settings, "r.h5");
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        const Stored run(sweep.folder / "r.h5");
        CHECK(losses[k] == run.number("final_loss"));
        CHECK(steps[k] == 200.0);
        const std::vector<double> means = block_means(run.numbers("signals/loss"), 8);
        for (std::size_t block = 0; block < 8; ++block) {
            CHECK(ends[k * 8 + block] == 25.0 * double(block + 1));
            CHECK(std::abs(curves[k * 8 + block] - means[block]) <= 1e-12);
        }
    }
}

TEST_CASE("with the same seed all models see the same data and begin with the same strengths",
          "[sweep]") {
    // With rates this small the strengths stay as they began.
    const SweepFolder sweep(
        "format = 1\nseeds = [1, 2]\n[set]\nrun.steps = 30\npopulation.hidden.size = 4\n"
        "plasticity.readout.rate = 1e-30\nplasticity.recurrent.rate = 1e-30\n" +
        model_lines("RFLO", "rflo") + model_lines("DNI(b)", "dni_b") + "[[keep]]\n");
    sweep.done();
    const Stored stored(sweep.result());
    const auto files = stored.texts("jobs/run_file");
    const auto seeds = stored.numbers("jobs/seed");
    REQUIRE(files.size() == 4);
    for (const char* name : {"state/input/rate", "state/label/rate", "synapses/W_in/strength",
                             "synapses/W_rec/strength", "synapses/W_out/strength"}) {
        INFO(name);
        std::map<double, std::set<std::vector<double>>> seen;
        for (std::size_t k = 0; k < 4; ++k)
            seen[seeds[k]].insert(Stored(sweep.folder / "runs/" + files[k]).numbers(name));
        REQUIRE(seen.size() == 2);
        CHECK(seen[1].size() == 1);
        CHECK(seen[2].size() == 1);
        CHECK(seen[1] != seen[2]);
    }
}

TEST_CASE("a run file that is kept is that of `apical run`, byte for byte", "[sweep]") {
    const std::string kept_seed = "[[keep]]\nmodel = \"RFLO\"\nseed = 2\n";
    const SweepFolder sweep(
        "format = 1\nseeds = [1, 2]\n[set]\nrun.steps = 200\n"
        "population.hidden.size = 4\n" +
        model_lines("RFLO", "rflo") + model_lines("DNI(b)", "dni_b") + kept_seed);
    CHECK(sweep.done() == JobCounts{4, 4, 0, 0, 0});
    const Stored stored(sweep.result());
    const auto files = stored.texts("jobs/run_file"), models = stored.texts("jobs/model");
    const auto seeds = stored.numbers("jobs/seed");
    std::string path;
    for (std::size_t k = 0; k < files.size(); ++k) {
        CHECK(files[k].empty() == !(models[k] == "RFLO" && seeds[k] == 2));
        if (!files[k].empty()) path = sweep.folder / "runs/" + files[k];
    }
    REQUIRE(exists(path));
    const auto kept = std::filesystem::directory_iterator(sweep.folder / "runs/s.runs");
    CHECK(std::distance(begin(kept), end(kept)) == 1);
    REQUIRE(run_in(sweep.folder, "rflo", 2, {}, "r.h5").code == 0);
    CHECK(is_same_file(path, sweep.folder / "r.h5"));

    // It is left alone while it is there, and made again when it was deleted.
    CHECK(sweep.done() == JobCounts{4, 0, 4, 0, 0});
    std::filesystem::remove(path);
    CHECK(sweep.done() == JobCounts{4, 1, 3, 0, 0});
    CHECK(is_same_file(path, sweep.folder / "r.h5"));
}

TEST_CASE("run files that are asked for later are made, and no others again", "[sweep]") {
    const std::string both =
        few_seeds + small_set + model_lines("RFLO", "rflo") + model_lines("DNI(b)", "dni_b");
    const SweepFolder sweep(both);
    CHECK(sweep.done() == JobCounts{6, 6, 0, 0, 0});
    sweep.write(both + "[[keep]]\nmodel = \"DNI(b)\"\nseed = 1\n");
    CHECK(sweep.done() == JobCounts{6, 1, 5, 0, 0});
    CHECK(sweep.done() == JobCounts{6, 0, 6, 0, 0});
    REQUIRE(run_in(sweep.folder, "dni_b", 1, {}, "d.h5").code == 0);
    std::size_t kept = 0;
    for (const std::string& file : Stored(sweep.result()).texts("jobs/run_file")) {
        if (file.empty()) continue;
        ++kept;
        CHECK(is_same_file(sweep.folder / "runs/" + file, sweep.folder / "d.h5"));
    }
    CHECK(kept == 1);
}

TEST_CASE("a result has the alignment that `apical run` finds", "[sweep]") {
    const SweepFolder sweep("format = 1\nseeds = [2]\n" + small_set +
                            "diagnose.alignment = true\n" + model_lines("RFLO", "rflo") +
                            model_lines("DNI(b)", "dni_b"));
    sweep.done();
    const Stored stored(sweep.result());
    const auto models = stored.texts("jobs/model");
    const auto seeds = stored.numbers("jobs/seed");
    for (std::size_t k = 0; k < models.size(); ++k) {
        const Outcome outcome =
            run_in(sweep.folder, models[k] == "RFLO" ? "rflo" : "dni_b", int(seeds[k]),
                   {"diagnose.alignment=true", "record={ a = { what = \"*\" } }"}, "r.h5");
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        const std::vector<double> all =
            Stored(sweep.folder / "r.h5").numbers("signals/alignment/recurrent/cosine");
        REQUIRE(all.size() == 201);
        double sum = 0.0;
        for (std::size_t step = 181; step <= 200; ++step) sum += all[step];
        CHECK(stored.numbers("alignment/recurrent/cosine")[k] == Approx(sum / 20).epsilon(1e-12));
    }
}

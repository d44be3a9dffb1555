// Which jobs a sweep file means.
#include "sim/sweep/jobs.hpp"
#include "tests/sim/sweep/sweep_folder.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

JobList jobs_of(const std::string& text) {
    const TemporaryFolder folder;
    return list_jobs(load_sweep(folder.write("s.toml", text)));
}

std::vector<std::uint32_t> seeds_of(const std::string& seeds) {
    std::vector<std::uint32_t> all;
    for (const Job& job :
         jobs_of("format = 1\nseeds = " + seeds + "\n" + small_set + model_lines("RFLO", "rflo"))
             .jobs)
        all.push_back(job.seed);
    return all;
}

const std::string two_tasks =
    "[task.add]\nkind = \"add\"\nlags = [2, 4]\n[task.mimic]\nkind = \"mimic\"\n";

// Columns of the jobs of a result, a line each: model, task, seed, readout.rate, recurrent.rate,
// alpha.
std::multiset<std::string> rows_of(const Stored& stored) {
    std::multiset<std::string> rows;
    const auto models = stored.texts("jobs/model"), tasks = stored.texts("jobs/task");
    const auto seeds = stored.numbers("jobs/seed"),
               readout = stored.numbers("jobs/plasticity.readout.rate"),
               recurrent = stored.numbers("jobs/plasticity.recurrent.rate"),
               alpha = stored.numbers("jobs/population.hidden.alpha");
    for (std::size_t k = 0; k < models.size(); ++k)
        rows.insert(fmt::format("{} {} {} {} {} {}", models[k], tasks[k], seeds[k], readout[k],
                                recurrent[k], alpha[k]));
    return rows;
}

}  // namespace

TEST_CASE("a sweep runs every combination but those that are left out", "[sweep]") {
    const SweepFolder sweep(
        "format = 1\nseeds = [7, 3]\n"
        "[set]\nrun.steps = 20\npopulation.hidden.size = 4\n" +
        model_lines("RFLO", "rflo") + model_lines("DNI(b)", "dni_b") + two_tasks +
        "[grid]\nplasticity.readout.rate = [1e-3, 1e-2]\n"
        "[[zip]]\nplasticity.recurrent.rate = [1e-4, 0.5]\npopulation.hidden.alpha = [0.25, 0.5]\n"
        "[[leave_out]]\nmodel = \"RFLO\"\nseed = 3\n"
        "[[leave_out]]\ntask = \"mimic\"\nplasticity.recurrent.rate = [0.5, 1e-4]\n"
        "plasticity.readout.rate = 0.01\n");
    std::multiset<std::string> expected;
    for (const char* model : {"RFLO", "DNI(b)"}) {
        for (const char* task : {"add", "mimic"}) {
            for (const double readout : {1e-3, 1e-2}) {
                for (const auto& [rate, alpha] : {std::pair(1e-4, 0.25), std::pair(0.5, 0.5)}) {
                    for (const int seed : {3, 7}) {
                        if (std::string(model) == "RFLO" && seed == 3) continue;
                        if (std::string(task) == "mimic" && readout == 1e-2) continue;
                        expected.insert(fmt::format("{} {} {} {} {} {}", model, task, seed, readout,
                                                    rate, alpha));
                    }
                }
            }
        }
    }
    CHECK(expected.size() == 18);
    CHECK(sweep.done() == JobCounts{18, 18, 0, 0, 0});
    CHECK(rows_of(Stored(sweep.result())) == expected);
}

TEST_CASE("seeds are a range or a list", "[sweep]") {
    CHECK(seeds_of("\"1:4\"") == std::vector<std::uint32_t>{1, 2, 3, 4});
    CHECK(seeds_of("\"5:5\"") == std::vector<std::uint32_t>{5});
    CHECK(seeds_of("\"0:1\"") == std::vector<std::uint32_t>{0, 1});
    CHECK(seeds_of("[9, 2, 4294967295]") == std::vector<std::uint32_t>{9, 2, 4294967295U});
    CHECK(seeds_of("[11]") == std::vector<std::uint32_t>{11});
}

TEST_CASE("a sweep without tasks runs each model's own, by its kind", "[sweep]") {
    const JobList list = jobs_of(three_jobs());
    REQUIRE(list.conditions.size() == 1);
    CHECK(list.conditions[0].task_name == "add");
    CHECK_THAT(list.conditions[0].configuration, Catch::Contains("lags = [3, 5]"));
}

TEST_CASE("what a task says replaces keys of the model's task, and no others", "[sweep]") {
    const JobList list = jobs_of(three_jobs() + "[task.far]\nlags = [2, 4]\n");
    REQUIRE(list.conditions.size() == 1);
    CHECK(list.conditions[0].task_name == "far");
    CHECK_THAT(list.conditions[0].configuration, Catch::Contains("lags = [2, 4]") &&
                                                     Catch::Contains("kind = \"add\"") &&
                                                     Catch::Contains("hold = 2"));
}

TEST_CASE("a model's own set wins over the sweep's", "[sweep]") {
    const JobList list =
        jobs_of(few_seeds + small_set + "plasticity.recurrent.rate = 0.125\n" +
                model_lines("A", "rflo", "set = { plasticity.recurrent.rate = 0.25 }\n") +
                model_lines("B", "rflo"));
    REQUIRE(list.conditions.size() == 2);
    const Model a = model_of_text(list.conditions[0].configuration, {}),
                b = model_of_text(list.conditions[1].configuration, {});
    CHECK_THAT(listing(a.program), Catch::Contains("W_rec += -0.25 "));
    CHECK_THAT(listing(b.program), Catch::Contains("W_rec += -0.125 "));
}

TEST_CASE("a key in quotes takes a whole table", "[sweep]") {
    const JobList list = jobs_of(three_jobs() +
                                 "[grid]\n\"synapses.B_fb.init\" = [{ constant = 0.0 }, "
                                 "{ constant = 0.5 }]\n");
    REQUIRE(list.conditions.size() == 2);
    CHECK_THAT(list.conditions[1].configuration, Catch::Contains("constant = 0.5"));
}

TEST_CASE("paths of models count from the sweep file's folder", "[sweep]") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "inner");
    std::filesystem::create_directory(folder / "models");
    folder.write("models/m.toml", content_of(path_of_shipped("rflo")));
    folder.write("inner/s.toml",
                 few_seeds + small_set + "[model.M]\nfile = \"../models/m.toml\"\n");
    const Outcome outcome = apical_in(folder, {"sweep", "inner/s.toml", "-q"});
    INFO(outcome.err);
    CHECK(outcome.code == 0);
    CHECK(exists(folder / "runs/s.h5"));
}

TEST_CASE("jobs are known by what they depend on", "[sweep]") {
    const auto ids = [](const std::string& text) {
        std::set<std::string> all;
        for (const Job& job : jobs_of(text).jobs) all.insert(job.id);
        return all;
    };
    const std::set<std::string> three = ids(three_jobs());
    CHECK(three.size() == 3);
    // Names and titles are of no consequence for a job's numbers, all else is.
    CHECK(ids(few_seeds + "title = \"another\"\n" + small_set + model_lines("other", "rflo")) ==
          three);
    const auto disjoint = [&](const std::set<std::string>& other) {
        return std::none_of(other.begin(), other.end(),
                            [&](const std::string& id) { return three.contains(id); });
    };
    CHECK(disjoint(ids(three_jobs() + "set.plasticity.recurrent.rate = 2e-3\n")));
    CHECK(disjoint(ids("format = 1\nseeds = \"1:3\"\nblocks = 20\n" + small_set +
                       model_lines("RFLO", "rflo"))));
    CHECK(disjoint(ids("format = 1\nseeds = \"4:6\"\nblocks = 10\n" + small_set +
                       model_lines("RFLO", "rflo"))));
}

TEST_CASE("the shipped sweep has six models on two tasks with twenty seeds", "[sweep]") {
    const JobList list = list_jobs(load_sweep(path_of_shipped("figure1_short")));
    CHECK(list.conditions.size() == 12);
    CHECK(list.jobs.size() == 240);
    for (const Condition& condition : list.conditions) CHECK(condition.steps == 100'000);
}

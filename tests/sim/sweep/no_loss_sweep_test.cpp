// Sweeps of circuits that have no loss.

#include "sim/sweep/sweep_result.hpp"
#include "tests/cells_alone.hpp"
#include "tests/sim/sweep/sweep_folder.hpp"

using namespace apical;

namespace {

// Two rates, three seeds.
struct SweptAlone : SweepFolder {
    SweptAlone()
        : SweepFolder(few_seeds + "[model.A]\nfile = \"m.toml\"\n" +
                      "[grid]\nplasticity.learning.rate = [0.1, 0.2]\n") {
        folder.write("m.toml", cells_alone + adding_task_line);
    }
};

}  // namespace

TEST_CASE("a sweep of circuits without a loss has a table without a loss", "[sweep][no_loss]") {
    const SweptAlone jobs;
    CHECK(jobs.done().now == 6);
    const std::string path = jobs.folder / "runs/s.h5";
    const std::set<std::string> columns = [&] {
        std::set<std::string> all;
        for (const auto& [name, bytes] : Stored(path).datasets()) all.insert(name);
        return all;
    }();
    CHECK(columns.contains("jobs/seed"));
    for (const char* none : {"jobs/loss", "jobs/loss_steps", "curves/loss", "curves/step"})
        CHECK_FALSE(columns.contains(none));
    const SweepResult result = read_result(path);
    CHECK(result.lacks_losses());
    REQUIRE(result.jobs.size() == 6);
    CHECK(result.jobs[0].lacks_loss());
    CHECK(result.jobs[0].bounds.empty());
    CHECK(jobs.done().before == 6);
}

TEST_CASE("a report of jobs without a loss says that there is nothing to rank by",
          "[sweep][report][no_loss]") {
    const SweptAlone jobs;
    jobs.done();
    const Outcome report = apical_in(jobs.folder, {"report", "runs/s.h5"});
    CHECK(report.code == 0);
    CHECK_THAT(report.out, Catch::Contains("  no loss") && Catch::Contains("A, rate = 0.1") &&
                               Catch::Contains("nothing to rank by") &&
                               !Catch::Contains("S.E.M.") && !Catch::Contains("lower than"));
    const std::string json = apical_in(jobs.folder, {"report", "runs/s.h5", "--json"}).out;
    const std::string losses = python(
        "import json\nj = json.loads(argv[1])\n"
        "print({(row['loss'], row['sem'], row['seeds']) for row in j['losses']}, "
        "j['comparisons'])",
        std::vector<std::string>{json});
    CHECK(losses == "{(None, None, 3)} []\n");
    for (const std::vector<std::string>& more :
         {std::vector<std::string>{}, std::vector<std::string>{"--against", "rate"}}) {
        std::vector<std::string> plot{"plot", "runs/s.h5", "-o", "f.gp"};
        plot.insert(plot.end(), more.begin(), more.end());
        const Outcome refused = apical_in(jobs.folder, plot);
        CHECK(refused.code == 65);
        CHECK_THAT(refused.err, Catch::Contains("there is no loss to draw"));
    }
}

TEST_CASE("models with and without a loss share a sweep", "[sweep][report][no_loss]") {
    const SweepFolder jobs(few_seeds + "[set]\nrun.steps = 200\n[model.A]\nfile = \"m.toml\"\n" +
                           model_lines("RFLO", "rflo"));
    jobs.folder.write("m.toml", cells_alone + adding_task_line);
    CHECK(jobs.done().now == 6);
    const SweepResult result = read_result(jobs.folder / "runs/s.h5");
    CHECK_FALSE(result.lacks_losses());
    for (const JobResult& job : result.jobs) {
        CHECK(job.lacks_loss() == (job.model == "A"));
        CHECK((job.loss_steps == 20) == (job.model == "RFLO"));
    }
    CHECK_THAT(apical_in(jobs.folder, {"report", "runs/s.h5"}).out,
               Catch::Contains("mean loss of the last 20 steps") && !Catch::Contains("lower than"));
    CHECK(apical_in(jobs.folder, {"plot", "runs/s.h5", "-o", "f.gp"}).code == 0);
}

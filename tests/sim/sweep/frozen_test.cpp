// Sweeps of models that are evaluated: results, reports and figures have both losses.
#include "sim/runs/run_model.hpp"
#include "sim/sweep/report.hpp"
#include "tests/sim/sweep/sweep_folder.hpp"

using namespace apical;

namespace {

JobResult evaluated_job(const std::string& model, std::uint32_t seed, double loss, double frozen) {
    JobResult job;
    job.id = fmt::format("{:>34}{}{}", "", model, seed);
    job.model = model;
    job.task = "add";
    job.seed = seed;
    job.configuration = model;
    job.loss = loss;
    job.loss_steps = 20;
    job.frozen = frozen;
    return job;
}

// While learning A is below B, frozen it is above.
SweepResult two_models() {
    return {"",
            "",
            "1+a",
            {},
            {evaluated_job("A", 1, 0.1, 0.8), evaluated_job("A", 2, 0.3, 0.9),
             evaluated_job("B", 1, 0.5, 0.6), evaluated_job("B", 2, 0.6, 0.6)}};
}

std::string without_spaces(std::string text) {
    std::erase(text, ' ');
    return text;
}

}  // namespace

TEST_CASE("a sweep's result has the frozen losses of its jobs where models are evaluated",
          "[sweep][evaluate]") {
    const TemporaryFolder folder;
    const std::string file =
        few_seeds + small_set + "evaluate.steps = 40\n" + model_lines("RFLO", "rflo");
    std::ofstream(folder / "s.toml") << file;
    CHECK(apical_with({"sweep", folder / "s.toml", "-o", folder / "s.h5", "-q"}).code == 0);
    const SweepResult result = read_result(folder / "s.h5");
    REQUIRE(result.jobs.size() == 3);
    for (const JobResult& job : result.jobs) {
        Model model = load_model(path_of_shipped("rflo"),
                                 {"run.steps=200", "population.hidden.size=4", "evaluate.steps=40",
                                  fmt::format("run.seed={}", job.seed)});
        model.output = folder / "one.h5";
        const RunSummary one = run_model(model, {.force = true});
        CHECK(job.frozen == one.frozen->loss.mean);
        CHECK(job.frozen_sem == one.frozen->loss.error);
        CHECK(job.frozen_error == Approx(one.frozen->error->mean).epsilon(1e-14));
    }
    const Outcome report = apical_with({"report", folder / "s.h5"});
    CHECK_THAT(report.out, Catch::Contains("frozen    S.E.M."));
    CHECK_THAT(apical_with({"report", folder / "s.h5", "--of", "frozen"}).out,
               Catch::Contains("while nothing learns"));
}

TEST_CASE("a sweep without evaluations has no column of them, and no report of them",
          "[sweep][evaluate]") {
    const TemporaryFolder folder;
    std::ofstream(folder / "s.toml") << three_jobs();
    CHECK(apical_with({"sweep", folder / "s.toml", "-o", folder / "s.h5", "-q"}).code == 0);
    python("import h5py\nassert not [k for k in h5py.File(argv[1])['jobs'] if 'frozen' in k]",
           {folder / "s.h5"});
    const Outcome report = apical_with({"report", folder / "s.h5", "--of", "frozen"});
    CHECK(report.code == static_cast<int>(ExitCode::bad_model));
    CHECK_THAT(report.err, Catch::Contains("no job was evaluated"));
    CHECK(apical_with({"report", folder / "s.h5", "--of", "melted"}).code ==
          static_cast<int>(ExitCode::usage));
}

TEST_CASE("frozen losses are compared in place of those while learning when this is asked for",
          "[sweep][report][evaluate]") {
    const SweepResult learning = two_models(), frozen = of_frozen(two_models(), "r.h5");
    const std::vector<ReportedCondition> conditions = conditions_of(learning);
    CHECK(conditions[0].loss == Approx(0.2).epsilon(1e-14));
    CHECK(conditions[0].frozen.mean == Approx(0.85).epsilon(1e-14));
    CHECK(conditions[0].frozen.error == Approx(0.05).epsilon(1e-12));
    CHECK(comparisons_of(conditions).front().lower == 0);
    const std::vector<ReportedCondition> of_the_frozen = conditions_of(frozen);
    CHECK(of_the_frozen[0].loss == Approx(0.85).epsilon(1e-14));
    const Comparison found = comparisons_of(of_the_frozen).front();
    CHECK(found.lower == 1);
    CHECK(found.difference == Approx(0.25).epsilon(1e-12));
    CHECK_THAT(without_spaces(report_text(learning)), Catch::Contains("A0.20000.10.85000.05"));
    CHECK_THAT(report_json(learning), Catch::Contains("\"frozen\": 0.85"));
}

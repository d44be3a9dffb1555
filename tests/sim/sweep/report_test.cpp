// `apical report`: means, errors, paired differences and sign tests against closed forms.
#include "sim/sweep/report.hpp"

#include <cmath>

#include "tests/sim/sweep/sweep_folder.hpp"

using namespace apical;

namespace {

void add(SweepResult& result, const std::string& model, const std::vector<double>& losses,
         const std::vector<Value>& values = {}, const std::string& task = "add") {
    std::uint32_t seed = 1;
    for (const double loss : losses) {
        JobResult job;
        job.id = fmt::format("{:036}", result.jobs.size());
        job.model = model;
        job.task = task;
        job.values = values;
        job.seed = seed++;
        job.configuration = model + task;
        job.loss = loss;
        if (std::isnan(loss)) job.failure = "step 3: not a number";
        result.jobs.push_back(job);
    }
}

SweepResult of_models(const std::vector<double>& a, const std::vector<double>& b) {
    SweepResult result{"", "", "1+a", {}, {}};
    add(result, "A", a);
    add(result, "B", b);
    return result;
}

Comparison only_comparison(const SweepResult& result) {
    const std::vector<Comparison> all = comparisons_of(conditions_of(result));
    REQUIRE(all.size() == 1);
    return all[0];
}

const double none = std::nan("");

}  // namespace

TEST_CASE("a sign test is exact", "[sweep][report]") {
    CHECK(sign_test(5, 5) == Approx(0.0625).epsilon(1e-14));
    // 2 (C(20,14) + ... + C(20,20)) / 2^20
    CHECK(sign_test(14, 20) == Approx(2.0 * 60460.0 / 1048576.0).epsilon(1e-13));
    CHECK(sign_test(10, 20) == 1.0);
    CHECK(sign_test(11, 20) == Approx(2.0 * 431910.0 / 1048576.0).epsilon(1e-13));
    CHECK(sign_test(20, 20) == Approx(std::pow(2.0, -19)).epsilon(1e-12));
    CHECK(sign_test(1, 1) == 1.0);
    CHECK(sign_test(3, 4) == Approx(0.625).epsilon(1e-14));
    CHECK(sign_test(0, 0) == 1.0);
    CHECK(sign_test(1000, 1000) == Approx(std::pow(2.0, -999)).epsilon(1e-9));
}

TEST_CASE("a condition has the mean of its losses and their standard error", "[sweep][report]") {
    const SweepResult result = of_models({1.0, 2.0, 4.0, 5.0}, {7.0});
    const std::vector<ReportedCondition> conditions = conditions_of(result);
    REQUIRE(conditions.size() == 2);
    CHECK(conditions[0].loss == 3.0);
    CHECK(conditions[0].error ==
          Approx(std::sqrt((4.0 + 1.0 + 1.0 + 4.0) / 3.0 / 4.0)).epsilon(1e-15));
    CHECK(conditions[1].loss == 7.0);
    CHECK(std::isnan(conditions[1].error));
}

TEST_CASE("differences are paired over seeds", "[sweep][report]") {
    // B - A: 0.5, 0.25, -0.25, 1.5 of great losses: the error is that of the differences.
    const SweepResult result =
        of_models({100.0, 200.0, 300.0, 400.0}, {100.5, 200.25, 299.75, 401.5});
    const Comparison found = only_comparison(result);
    CHECK(found.lower == 0);
    CHECK(found.higher == 1);
    CHECK(found.seeds == 4);
    CHECK(found.right == 3);
    CHECK(found.difference == 0.5);
    CHECK(found.error ==
          Approx(std::sqrt((0.0 + 0.0625 + 0.5625 + 1.0) / 3.0 / 4.0)).epsilon(1e-14));
    CHECK(found.p == Approx(0.625).epsilon(1e-14));
}

TEST_CASE("the lower one of two is the one of lower mean, whichever comes first",
          "[sweep][report]") {
    const Comparison found = only_comparison(of_models({2.0, 3.0, 4.0, 5.0, 6.0}, {1, 2, 3, 4, 5}));
    CHECK(found.lower == 1);
    CHECK(found.higher == 0);
    CHECK(found.right == 5);
    CHECK(found.difference == 1.0);
    CHECK(found.error == 0.0);
    CHECK(found.p == Approx(0.0625).epsilon(1e-14));
}

TEST_CASE("the one of lower mean may be lower in few seeds, and p counts the others",
          "[sweep][report]") {
    const Comparison found = only_comparison(of_models({1, 1, 1, 1, 1}, {0.5, 0.5, 0.5, 0.5, 9.0}));
    CHECK(found.lower == 0);
    CHECK(found.right == 1);
    // P of 4 or more of 5 on one side: 2 (5 + 1) / 32.
    CHECK(found.p == Approx(0.375).epsilon(1e-14));
}

TEST_CASE("ties do not count in a sign test", "[sweep][report]") {
    const Comparison found =
        only_comparison(of_models({1, 1, 1, 1, 1, 1, 1}, {2, 2, 2, 2, 2, 1, 1}));
    CHECK(found.seeds == 7);
    CHECK(found.right == 5);
    CHECK(found.p == Approx(0.0625).epsilon(1e-14));
    const Comparison same = only_comparison(of_models({1, 2}, {1, 2}));
    CHECK(same.difference == 0.0);
    CHECK(same.p == 1.0);
}

TEST_CASE("failed jobs are counted, and no part of a mean or a difference", "[sweep][report]") {
    const SweepResult result = of_models({1.0, none, 3.0, 7.0}, {2.0, 5.0, none, 9.0});
    const std::vector<ReportedCondition> conditions = conditions_of(result);
    CHECK(conditions[0].failed == 1);
    CHECK(conditions[0].loss == Approx(11.0 / 3.0).epsilon(1e-15));
    const Comparison found = only_comparison(result);
    CHECK(found.seeds == 2);
    CHECK(found.difference == 1.5);
    CHECK_THAT(report_text(result), Catch::Contains("1 failed"));
    const SweepResult all_failed = of_models({none, none}, {1.0, 2.0});
    CHECK(comparisons_of(conditions_of(all_failed)).empty());
    CHECK(std::isnan(conditions_of(all_failed)[0].loss));
    CHECK_THAT(report_text(all_failed), Catch::Contains("2 failed"));
}

TEST_CASE("only what differs in one thing is compared, within a task", "[sweep][report]") {
    SweepResult result{"", "", "1+a", {"rate", "size"}, {}};
    for (const char* task : {"add", "mimic"}) {
        for (const char* model : {"A", "B"}) {
            for (const double rate : {0.1, 0.2})
                add(result, model, {rate, 2.0 * rate}, {value_of(rate), value_of(std::int64_t{4})},
                    task);
        }
    }
    const std::vector<ReportedCondition> conditions = conditions_of(result);
    CHECK(conditions.size() == 8);
    // Four pairs of each task: two models at each rate, two rates of each model.
    const std::vector<Comparison> found = comparisons_of(conditions);
    CHECK(found.size() == 8);
    for (const Comparison& one : found) {
        const ReportedCondition &a = conditions[one.lower], &b = conditions[one.higher];
        CHECK(a.task == b.task);
        const int differences =
            (a.model != b.model) + (inline_text(a.values[0]) != inline_text(b.values[0]));
        CHECK(differences == 1);
    }
}

TEST_CASE("a loss has its place between the bounds", "[sweep][report]") {
    SweepResult result{"The title", "", "1+a", {}, {}};
    add(result, "above", {0.75, 0.75});
    add(result, "quarter", {0.375, 0.625});  // 0.5: a quarter of the way from 0.6 to 0.2
    add(result, "below", {0.0625, 0.0625});
    for (JobResult& job : result.jobs) job.bounds = {{"floor", 0.2}, {"nothing known", 0.6}};
    const std::string text = report_text(result);
    CHECK_THAT(text, Catch::StartsWith("The title\n") && Catch::Contains("task add\n"));
    const auto line = [&](const std::string& begin) {
        const std::size_t at = text.find("  " + begin + " ");
        REQUIRE(at != std::string::npos);
        return text.substr(at, text.find('\n', at) - at);
    };
    CHECK_THAT(line("above"),
               Catch::Contains("0.7500") && Catch::Contains("above \"nothing known\""));
    CHECK_THAT(line("quarter"),
               Catch::Contains("0.5000") && Catch::Contains("0.1250") &&
                   Catch::Contains("25 % of the way from \"nothing known\" to \"floor\""));
    CHECK_THAT(line("below"), Catch::Contains("below \"floor\""));
    CHECK_THAT(line("bound: floor"), Catch::Contains("0.2000"));
    CHECK_THAT(line("bound: nothing known"), Catch::Contains("0.6000"));
}

TEST_CASE("a report in JSON has the same numbers, and null where there is none",
          "[sweep][report]") {
    SweepResult result{"a \"title\"\n", "", "1+a", {"rate"}, {}};
    add(result, "A", {1.0, 2.0}, {value_of(0.5)});
    add(result, "B", {2.0, none}, {value_of(0.5)});
    add(result, "C", {none, none}, {value_of(0.5)});
    const std::string shown = python(R"(
import json
report = json.loads(argv[1], parse_constant=lambda word: 1 / 0)
print(report["title"] == 'a "title"\n')
print([[row[k] for k in ("model", "task", "rate", "loss", "sem", "seeds", "failed")] for row in report["losses"]])
print(report["comparisons"])
)",
                                     {report_json(result)});
    CHECK(shown ==
          "True\n"
          "[['A', 'add', 0.5, 1.5, 0.5, 2, 0], ['B', 'add', 0.5, 2.0, None, 1, 1], "
          "['C', 'add', 0.5, None, None, 0, 2]]\n"
          "[{'task': 'add', 'lower': 'A, rate = 0.5', 'higher': 'B, rate = 0.5', "
          "'difference': 1.0, 'sem': None, 'seeds': 1, 'right': 1, 'p': 1.0}]\n");
}

TEST_CASE("a loss of nothing but infinities is reported as it is", "[sweep][report]") {
    const SweepResult result = of_models({1e300, 1e300}, {-1e300, 1e-300});
    CHECK_NOTHROW(report_text(result));
    CHECK_NOTHROW(report_json(result));
}

TEST_CASE("report prints what a sweep came to", "[sweep][report]") {
    const SweepFolder sweep(few_seeds + "title = \"Two models\"\n" + small_set +
                            model_lines("RFLO", "rflo") + model_lines("fixed W", "fixed_w") +
                            "[task.add]\nkind = \"add\"\nlags = [2, 4]\n");
    sweep.done();
    const Stored stored(sweep.result());
    const auto losses = stored.numbers("jobs/loss");
    const auto models = stored.texts("jobs/model");
    double mean[2] = {};
    for (std::size_t k = 0; k < 6; ++k) mean[models[k] != "RFLO"] += losses[k] / 3.0;
    const Outcome outcome = apical_in(sweep.folder, {"report", "runs/s.h5"});
    CHECK(outcome.code == 0);
    CHECK(outcome.err.empty());
    CHECK_THAT(outcome.out, Catch::StartsWith("Two models\n") && Catch::Contains("task add\n") &&
                                Catch::Contains(fmt::format("{:.4f}", mean[0])) &&
                                Catch::Contains(fmt::format("{:.4f}", mean[1])) &&
                                Catch::Contains("/3 "));
}

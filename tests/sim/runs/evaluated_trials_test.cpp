// Evaluations that are counted by trials, and of data in splits.
#include <Eigen/Core>
#include <map>

#include "sim/apical.hpp"
#include "sim/runs/evaluate.hpp"
#include "sim/runs/run_evaluation.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

std::string recurrent(const std::string& task) {
    return "format = 1\n"
           "phase = [{ name = \"forward\", ms = 6.0 }, { name = \"update\", ms = 4.0 }]\n"
           "population.input.role = \"input\"\n"
           "population.label.role = \"label\"\n"
           "population.hidden = { size = 6, activation = \"tanh\", alpha = 0.5 }\n"
           "population.output.role = \"output\"\n"
           "synapses.W_rec = { from = \"hidden\", to = \"hidden.soma\", during = \"forward\", "
           "delay = 1,"
           " init = { normal = 0.6 } }\n"
           "synapses.W_in = { from = \"input\", to = \"hidden.soma\", during = \"forward\","
           " init = { normal = 1.0 } }\n"
           "synapses.W_out = { from = \"hidden\", to = \"output.soma\", during = \"forward\","
           " init = { normal = 1.0 } }\n"
           "plasticity = {}\n"
           "run = { steps = 1_000, seed = 3 }\n" +
           task;
}

// What the steps of an evaluation came to, found by stepping the frozen model.
struct Found {
    std::vector<double> losses;                  // of steps that counted
    std::vector<std::vector<double>> by_trial;   // the same, by trial
    std::vector<Eigen::VectorXd> output, label;  // means over the steps that counted, by trial
};

Found stepped(const FrozenModel& frozen, bool softmax, std::int64_t length) {
    Found found;
    Simulation simulation(frozen.model);
    for (std::int64_t step = 1; step <= frozen.steps; ++step) {
        if ((step - 1) % length == 0) {
            found.by_trial.emplace_back();
            found.output.emplace_back(Eigen::VectorXd::Zero(2));
            found.label.emplace_back(Eigen::VectorXd::Zero(2));
        }
        simulation.step();
        if (!std::isfinite(simulation.loss())) continue;
        found.losses.push_back(simulation.loss());
        found.by_trial.back().push_back(simulation.loss());
        const std::vector<double> rate = simulation.read(softmax ? "output.r" : "output.soma.v"),
                                  label = simulation.read("label.r");
        for (int k = 0; k < 2; ++k) {
            found.output.back()(k) += rate[std::size_t(k)];
            found.label.back()(k) += label[std::size_t(k)];
        }
    }
    return found;
}

double mean(const std::vector<double>& all) {
    double sum = 0.0;
    for (const double one : all) sum += one;
    return sum / double(all.size());
}

double sem(const std::vector<double>& all) {
    const double middle = mean(all);
    double squares = 0.0;
    for (const double one : all) squares += (one - middle) * (one - middle);
    return std::sqrt(squares / double(all.size() - 1) / double(all.size()));
}

constexpr char delayed[] = "task = { kind = \"delayed_match\", delay = 3 }\n";

// A bias alone, on a file of two splits.
std::string bias(const std::string& more) {
    return "format = 1\n"
           "phase = [{ name = \"forward\", ms = 6.0 }, { name = \"update\", ms = 4.0 }]\n"
           "population.input.role = \"input\"\n"
           "population.label.role = \"label\"\n"
           "population.one.role = \"constant\"\n"
           "population.output.role = \"output\"\n"
           "population.error = { role = \"error\", during = \"update\" }\n"
           "synapses.b = { from = \"one\", to = \"output.soma\", during = \"forward\", init = { "
           "constant "
           "= 0.0 } }\n"
           "plasticity.readout = { rule = \"delta\", synapses = [\"b\"], rate = 0.5 }\n"
           "task = { kind = \"file\", path = \"d.csv\", x = \"a\", y = \"b\", readout = "
           "\"linear\", "
           "repeat = true, split = \"part\" }\n"
           "run = { steps = 8, seed = 1 }\n" +
           more;
}

constexpr char parts[] = "a,b,part\n0,1,train\n0,0.75,validation\n0,3,test\n0,1,train\n0,3,test\n";

}  // namespace

TEST_CASE("loss, errors and choices of an evaluation by trials are those of its steps",
          "[evaluate][trials]") {
    const FrozenModel frozen = frozen_model(model_of_text(recurrent(delayed)), {.trials = 50});
    REQUIRE(frozen.trials == 50);
    REQUIRE(frozen.settle == 0);
    REQUIRE(frozen.steps == 50 * 23);
    Simulation simulation(frozen.model);
    const Evaluation found = evaluate(frozen, simulation);
    const Found expected = stepped(frozen, true, 23);
    REQUIRE(expected.losses.size() == 250);
    CHECK(found.trials == 50);
    CHECK(found.counted == 250);
    CHECK(found.loss.mean == Approx(mean(expected.losses)).epsilon(1e-12));
    std::vector<double> means;
    for (const auto& one : expected.by_trial) means.push_back(mean(one));
    CHECK(found.loss.error == Approx(sem(means)).epsilon(1e-12));
    std::map<std::pair<int, int>, int> confusion;
    for (std::size_t k = 0; k < 50; ++k)
        ++confusion[{expected.label[k](1) > expected.label[k](0),
                     expected.output[k](1) > expected.output[k](0)}];
    REQUIRE(found.choices);
    CHECK(found.chooses_by_trial);
    CHECK(found.choices->counted() == 50);
    for (const int label : {0, 1})
        for (const int choice : {0, 1})
            CHECK(found.choices->confusion(std::size_t(label), std::size_t(choice)) ==
                  confusion[{label, choice}]);
    const double wrong = (confusion[{0, 1}] + confusion[{1, 0}]) / 50.0;
    CHECK(found.choices->error() == Approx(wrong).epsilon(1e-12));
    CHECK(found.choices->standard_error() ==
          Approx(std::sqrt(wrong * (1 - wrong) / 50)).epsilon(1e-12));
}

TEST_CASE("the usual evaluation of a circuit with trials is of 200 trials, and one by steps stays",
          "[evaluate][trials]") {
    const std::string text = recurrent(delayed);
    CHECK(frozen_model(model_of_text(text)).trials == 200);
    const FrozenModel by_steps = frozen_model(model_of_text(text), {.steps = 100});
    CHECK(by_steps.trials == 0);
    CHECK(by_steps.steps == 100);
    CHECK(by_steps.settle == 100);
    Simulation simulation(by_steps.model);
    CHECK(evaluate(by_steps, simulation).trials == 0);
    // Gaps lie between trials.
    const std::string gaps = text + "trial = { gap = 4 }\n";
    CHECK(frozen_model(model_of_text(gaps), {.trials = 3}).steps == 3 * 23 + 2 * 4);
    CHECK(frozen_model(model_of_text(text + "evaluate = { trials = 7 }\n"),
                       completed({}, EvaluationPolicy{.trials = 7}))
              .trials == 7);
}

TEST_CASE("a step of copy asks for a symbol of its own, so its choices are of steps",
          "[evaluate][trials]") {
    const FrozenModel frozen = frozen_model(
        model_of_text(recurrent("task = { kind = \"copy\", symbols = 3, length = 4 }\n")),
        {.trials = 10});
    Simulation simulation(frozen.model);
    const Evaluation found = evaluate(frozen, simulation);
    CHECK_FALSE(found.chooses_by_trial);
    CHECK(found.choices->counted() == 40);
}

TEST_CASE("classes with squared errors are chosen, too, trial by trial", "[evaluate][trials]") {
    const std::string text = recurrent(
        "task = { kind = \"bars\", readout = \"linear\", targets = [0.1, 0.8], hold = 3 }\n");
    const FrozenModel frozen = frozen_model(model_of_text(text), {.trials = 80});
    Simulation simulation(frozen.model);
    const Evaluation found = evaluate(frozen, simulation);
    REQUIRE(found.choices);
    REQUIRE(found.nearness);
    CHECK(found.choices->counted() == 80);
    std::int64_t of_class = 0;
    for (std::size_t choice = 0; choice < 3; ++choice)
        of_class += found.choices->confusion(2, choice);
    CHECK(of_class == 20);  // two of eight bars are diagonals
    CHECK(found.choices->chance() == Approx(0.625).epsilon(1e-12));
    // The run file has both.
    const TemporaryFolder folder;
    Model model = load_model(
        folder.write("m.toml", text + "evaluate = { trials = 8 }\nrecord.loss.what = \"loss\"\n"),
        {"run.steps=9"});
    model.output = folder / "m.h5";
    run_model(model);
    const StoredRun run(model.output);
    CHECK(run.find("evaluation.confusion").rows == 2);
    CHECK(run.find("evaluation.mse").rows == 2);
}

TEST_CASE("an evaluation shows the split of tests, or the one that is asked for",
          "[evaluate][data]") {
    const TemporaryFolder folder;
    folder.write("d.csv", parts);
    Model model = load_model(folder.write("m.toml", bias("record.b.what = \"b\"\n")));
    model.output = folder / "m.h5";
    run_model(model);
    const StoredRun run(model.output);
    const double b = 1.0 - std::pow(0.5, 8);
    const auto loss = [&](const EvaluationOptions& options) {
        EvaluationRequest request;
        request.options = options;
        request.folder = folder.path();
        const EvaluatedRun evaluated(run, request);
        return evaluated.after(8);
    };
    CHECK(loss({}).loss.mean == Approx(0.5 * std::pow(3.0 - b, 2)).epsilon(1e-12));
    CHECK(loss({}).trials == 2);
    CHECK(loss({.data = "train"}).loss.mean == Approx(0.5 * std::pow(1.0 - b, 2)).epsilon(1e-12));
    CHECK(loss({.data = "validation"}).loss.mean ==
          Approx(0.5 * std::pow(0.75 - b, 2)).epsilon(1e-12));
    CHECK(loss({.data = "validation"}).trials == 1);
    CHECK_THAT(error_of([&] { loss({.trials = 3}); })->what(),
               Catch::Contains("the task ends after 2 steps, and 3 trials have 3"));
}

TEST_CASE("the best step by the split for validation is said at the end", "[evaluate][data]") {
    const TemporaryFolder folder;
    folder.write("d.csv", parts);
    Model model = load_model(
        folder.write("m.toml", bias("evaluate = { every = 1, data = \"validation\" }\n")));
    model.output = folder / "m.h5";
    // b is 0, 0.5, 0.75, 0.875, ...
    const RunSummary summary = run_model(model);
    REQUIRE(summary.best);
    CHECK(summary.best->step == 2);
    CHECK(summary.best->loss == 0.0);
    CHECK(summary.frozen->trials == 1);
    Model other =
        load_model(folder.write("o.toml", bias("evaluate = { every = 1, data = \"test\" }\n")));
    other.output = folder / "o.h5";
    CHECK_FALSE(run_model(other).best);
}

TEST_CASE("an evaluation that the task's data or trials do not allow is rejected at its key",
          "[evaluate][data]") {
    const TemporaryFolder folder;
    folder.write("d.csv", parts);
    const auto refused = [&](const std::string& text) {
        const std::string path = folder.write("m.toml", text);
        const auto error = error_of([&] { load_model(path); });
        REQUIRE(error);
        CHECK(error->code() == ExitCode::bad_model);
        CHECK_THAT(error->what(), Catch::StartsWith(path + ":"));
        return std::string(error->what());
    };
    using Catch::Contains;
    CHECK_THAT(refused(bias("evaluate = { data = \"tset\" }\n")),
               Contains("the task's data have no split \"tset\"; their splits are train, "
                        "validation, test. Did you mean \"test\"?"));
    CHECK_THAT(refused(recurrent(delayed) + "evaluate = { data = \"test\" }\n"),
               Contains("evaluate.data names a split of the task's data, and the task has none"));
    CHECK_THAT(refused(recurrent(delayed) + "evaluate = { trials = 5, steps = 3 }\n"),
               Contains("evaluate.trials and evaluate.steps both say how long"));
    CHECK_THAT(refused(recurrent("task = { kind = \"add\", lags = [1, 2] }\n") +
                       "evaluate = { trials = 5 }\n"),
               Contains("evaluate.trials needs a task with trials; expected evaluate.steps"));
}

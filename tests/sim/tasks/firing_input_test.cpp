// Inputs that fire spikes, held to closed forms.
#include "sim/run_file/stored_run.hpp"
#include "sim/runs/run_model.hpp"
#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

namespace {

// Cells that fire as `fires` says, in steps of `ms`, and one that they drive.
std::string firing(const std::string& fires, double ms = 1.0) {
    return fmt::format(R"(
phase = [{{ name = "step", ms = {} }}]
population.input.fires = {{ {} }}
population.cell = {{ size = 1, activation = "linear" }}
synapses.W = {{ from = "input", to = "cell.soma", during = "step", init = {{ constant = 1.0 }} }}
)",
                       ms, fires);
}

// A model without a task, whose input fires by itself.
std::string alone(const std::string& fires, const std::string& more = "") {
    return "format = 1\nrun = { steps = 100_000, seed = 1 }\npopulation.input.role = \"input\"\n"
           "population.input.size = 10\n" +
           firing(fires) + more;
}

// How often each cell fires in so many steps.
Vector counts(SteppedModel& sim, int steps) {
    Vector all = Vector::Zero(sim.vector("input.r").size());
    for (int t = 0; t < steps; ++t) {
        sim.step();
        const Vector z = sim.vector("input.r");
        REQUIRE(((z.array() == 0.0) || (z.array() == 1.0)).all());
        all += z;
    }
    return all;
}

// Each is a binomial count.
void check_counts(const Vector& found, int steps, const std::vector<double>& probabilities) {
    for (Eigen::Index i = 0; i < found.size(); ++i) {
        const double p = probabilities[std::size_t(i)];
        INFO("cell " << i << ", p = " << p);
        CHECK(std::abs(found[i] - steps * p) <= 3.0 * std::sqrt(steps * p * (1.0 - p)));
    }
}

}  // namespace

TEST_CASE("by Bernoulli draws an input fires as often as it is large", "[spikes][task]") {
    constexpr int steps = 20'000;
    const std::vector<double> x = {0.0, 0.02, 0.3, 0.9, 1.0};
    SteppedModel sim(shown(firing("by = \"bernoulli\""), row(x)));
    check_counts(counts(sim, steps), steps, x);
    // An input of 1 is 40 Hz, in steps of 5 ms a probability of 0.2.
    SteppedModel scaled(shown(firing("by = \"bernoulli\", unit_hz = 40.0", 5.0), row({1.0, 2.5})));
    check_counts(counts(scaled, steps), steps, {0.2, 0.5});
}

TEST_CASE("by Poisson draws an input fires where its process has a spike in the step",
          "[spikes][task]") {
    constexpr int steps = 20'000;
    SteppedModel sim(shown(firing("by = \"poisson\""), row({0.0, 0.02, 0.3, 3.0})));
    check_counts(counts(sim, steps), steps,
                 {0.0, 1.0 - std::exp(-0.02), 1.0 - std::exp(-0.3), 1.0 - std::exp(-3.0)});
    SteppedModel fast(model_of_text(alone("by = \"poisson\", rate_hz = 700.0")));
    check_counts(counts(fast, steps), steps, std::vector<double>(10, 1.0 - std::exp(-0.7)));
}

TEST_CASE("the spikes of an input of a given rate need no task", "[spikes][task]") {
    constexpr int steps = 20'000;
    SteppedModel sim(model_of_text(alone("by = \"bernoulli\", rate_hz = 50.0")));
    const Vector all = counts(sim, steps);
    check_counts(all, steps, std::vector<double>(10, 0.05));
    // Cells fire independently: all together a binomial count too.
    check_counts(Vector::Constant(1, all.sum()), 10 * steps, {0.05});
}

TEST_CASE("spikes of an input depend on the seed and on nothing that is recorded or added",
          "[spikes][task]") {
    const auto first = [](const std::string& more, const std::string& seed = "1") {
        SteppedModel sim(
            model_of_text(alone("by = \"poisson\", rate_hz = 300.0", more), {"run.seed=" + seed}));
        Matrix all(50, 10);
        for (int t = 0; t < 50; ++t) {
            sim.step();
            all.row(t) = sim.vector("input.r").transpose();
        }
        return all;
    };
    const Matrix spikes = first("");
    CHECK(
        first("record.all = { what = \"*\" }\npopulation.more = { size = 5 }\nsynapses.V = { from "
              "= \"input\", to = \"more.soma\", during = \"step\", init = { normal = 1.0 } }\n") ==
        spikes);
    CHECK(first("", "2") != spikes);
}

TEST_CASE("by latency an input fires once in a window, the earlier the larger it is",
          "[spikes][task]") {
    // A window of 5 steps: 1 at once, 0.75 a step later, ..., what is just above 0 at the end. What
    // the task shows behind the first step of a window is not taken.
    Matrix x = Matrix::Constant(10, 6, 0.5);
    x.row(0) << 1.0, 0.75, 0.5, 0.3, 0.01, 0.0;
    x.row(5) << 0.0, 1.0, 0.26, 0.24, 0.13, 0.12;
    Matrix expected = Matrix::Zero(10, 6);
    for (const auto& [step, cell] : {std::pair{0, 0}, {1, 1}, {2, 2}, {3, 3}, {4, 4}}) {
        expected(step, cell) = 1.0;
    }
    for (const auto& [step, cell] : {std::pair{5, 1}, {8, 2}, {8, 3}, {8, 4}, {9, 5}})
        expected(step, cell) = 1.0;
    SteppedModel sim(shown(firing("by = \"latency\", window = 5"), x));
    for (int t = 0; t < 30; ++t) {
        sim.step();
        INFO("step " << t + 1);
        REQUIRE(sim.vector("input.r").transpose() == expected.row(t % 10));
    }
}

TEST_CASE("a latency is remembered where a run goes on", "[spikes][task]") {
    Matrix x = Matrix::Constant(4, 1, 0.5);
    x(0, 0) = 0.0;
    const Model model = shown(firing("by = \"latency\", window = 4"), x);
    const auto first = model.task->begin(), second = model.task->begin();
    std::vector<double> z(1), again(1);
    for (int t = 1; t <= 2; ++t) first->present(t, z, {});
    second->recall(2, first->memory());
    for (int t = 3; t <= 12; ++t) {
        first->present(t, z, {});
        second->present(t, again, {});
        CHECK(z == again);
    }
}

TEST_CASE("an input by which no cell can fire ends the run at its step and cell",
          "[spikes][task]") {
    const auto ends = [](const std::string& fires, const std::vector<double>& x,
                         const std::vector<std::string>& phrases) {
        Matrix rows = Matrix::Constant(3, Eigen::Index(x.size()), 0.5);
        rows.row(2) = row(x);
        SteppedModel sim(shown(firing(fires), rows));
        const std::optional<Error> error = error_of([&] { sim.step(10); });
        REQUIRE(error);
        CHECK(error->code() == ExitCode::numerical_failure);
        for (const std::string& phrase : phrases)
            CHECK_THAT(error->what(), Catch::Contains(phrase));
    };
    ends("by = \"bernoulli\"", {0.5, 1.25},
         {"step 3", "cell 1 of \"input\" is 1.25", "from 0 to 1"});
    ends("by = \"bernoulli\", unit_hz = 500.0", {3.0},
         {"cell 0", "is 3;", "from 0 to 2", "probability 1.5"});
    ends("by = \"poisson\"", {0.5, -0.1}, {"step 3", "cell 1", "is -0.1", "none below 0"});
    ends("by = \"latency\", window = 1", {1.5}, {"step 3", "is 1.5", "from 0 to 1"});
}

TEST_CASE("how an input cannot fire is told at its place", "[spikes][task]") {
    const auto refused = [](const std::string& fires, const std::vector<std::string>& phrases) {
        rejects_text(alone(fires), phrases);
    };
    refused("by = @\"bernouli\", rate_hz = 5.0", {"one of bernoulli, poisson, latency"});
    refused("by = \"poisson\", rate_hz = @-5.0", {"rate_hz", "0"});
    refused("by = \"poisson\", @rate = 5.0", {"unknown key \"rate\"", "rate_hz"});
    refused("by = \"latency\", rate_hz = @5.0", {"has rate_hz and fires by latency"});
    refused("by = \"poisson\", rate_hz = 5.0, unit_hz = @1.0", {"rate_hz and unit_hz"});
    refused("by = \"poisson\", rate_hz = 5.0, window = @3", {"has window and fires by poisson"});
    refused("by = \"bernoulli\", rate_hz = 1500.0",
            {"1.5 spikes in a step of 1 ms", "at most 1000"});
    refused("by = \"latency\"", {"window"});
    refused("by = \"poisson\"", {"nothing shows it anything"});
    rejects_text(
        "format = 1\nrun = { steps = 10, seed = 1 }\npopulation.cell = { size = 1, @fires "
        "= { by = \"poisson\", rate_hz = 1.0 } }\nsynapses = {}\nphase = [{ name = \"step\", ms = "
        "1.0 "
        "}]\n",
        {"fires"});
}

TEST_CASE("a set that carries an input's spikes transmits the columns of the cells that fired",
          "[spikes][task][columns]") {
    SteppedModel sim(model_of_text(alone("by = \"poisson\", rate_hz = 300.0")));
    const std::string listed = listing(sim.model.program);
    CHECK_THAT(listed, Catch::Contains("input.r = spikes of the task"));
    for (int t = 0; t < 20; ++t) {
        sim.step();
        CHECK(sim.vector("cell.r")[0] == sim.vector("input.r").sum());
    }
}

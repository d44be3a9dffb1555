// `verify --gradient`: the program run backwards against differences of the loss.
#include "sim/verify/gradient_check.hpp"

#include "tests/sim/command_line/program_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

GradientCheck gradient_of(const std::string& name, const std::vector<std::string>& overrides = {},
                          int entries = 5) {
    const Model model = load_model(path_of_shipped(name), overrides);
    GradientCheckOptions options;
    options.entries = entries;
    return check_gradient(model, options);
}

void holds(const GradientCheck& found) {
    for (const CheckedSet& set : found.sets) {
        INFO(set.name);
        CHECK(set.error <= 1e-8);
        CHECK(set.entries > 0);
    }
    CHECK(found.hold());
}

}  // namespace

TEST_CASE("the gradient of each algorithm's model is that of differences", "[verify][adjoint]") {
    for (const char* name : {"fixed_w", "rflo", "dni", "dni_b", "bptt", "kernl", "uoro"}) {
        INFO(name);
        const GradientCheck found = gradient_of(name, {"population.hidden.size=8"});
        holds(found);
        CHECK(found.sets.size() == 5);  // W_rec, W_in, b, W_out, b_out
        CHECK(found.remembers);
    }
}

TEST_CASE("feedback, errors and traces are no part of what a loss depends on",
          "[verify][adjoint]") {
    const GradientCheck found = gradient_of("rflo");
    CHECK(found.operations == "1-8, 23");
    CHECK(found.without == std::vector<std::string>{"B_fb"});
}

TEST_CASE("an alpha of 1 without recurrence leaves nothing of a step in the next",
          "[verify][adjoint]") {
    const GradientCheck found = gradient_of("rules/feedback_alignment");
    holds(found);
    CHECK_FALSE(found.remembers);
}

TEST_CASE("the gradient of circuits that settle is that of differences", "[verify][adjoint]") {
    for (const char* name : {"supervised_predictive_coding", "equilibrium_propagation_discrete",
                             "equilibrium_propagation_energy", "equilibrium_propagation_symmetric",
                             "dendritic_microcircuit_steady"}) {
        INFO(name);
        holds(gradient_of(fmt::format("literature/{}", name), {}, 2));
    }
}

TEST_CASE("the gradient of trials is that of differences, across their ends",
          "[verify][adjoint][trials]") {
    const std::vector<std::string> beginnings = {
        "trial={ steps = 6, gap = 2, reset = \"init\" }", "trial={ steps = 6, reset = \"keep\" }",
        "trial={ steps = { uniform = [3, 8] }, reset = \"zero\" }",
        "trial={ steps = 7, reset = \"zero\", keep = [\"h2.r\"] }",
        "trial={ steps = 7, values = { \"h1.r\" = { normal = 0.3 } } }"};
    for (const std::string& trial : beginnings) {
        INFO(trial);
        // Axons of three steps, which begin anew with all that is on its way.
        holds(gradient_of(
            "circuits/backpropagation",
            {trial, "population.h1.size=5", "population.h2.size=4", "synapses.W_1.delay=3"}, 3));
    }
}

TEST_CASE("a loss that does not count has no part in the gradient", "[verify][adjoint][trials]") {
    const auto largest = [](const std::string& counts) {
        const GradientCheck found = gradient_of(
            "rflo", {"trial={ steps = 5, reset = \"init\", window = { late = { from = 4 } }" +
                         counts + " }",
                     "population.hidden.size=5"});
        holds(found);
        std::vector<double> all;
        for (const CheckedSet& set : found.sets) all.push_back(set.largest);
        return all;
    };
    const std::vector<double> all = largest(""), some = largest(", counts = \"late\"");
    for (std::size_t k = 0; k < all.size(); ++k) CHECK(std::abs(some[k] - all[k]) > 1e-3);
}

TEST_CASE("the gradient of spikes is their surrogate's, and is said to be", "[verify][adjoint]") {
    const std::string text = R"(
format = 1
phase = [{ name = "forward", ms = 1.0 }]
population.input = { role = "input" }
population.label = { role = "label" }
population.output = { role = "output" }
population.hidden = { size = 12, tau_ms = { soma = 20.0 }, spikes = { threshold = 0.5, refractory = 2, height = 0.4, adaptation = { tau_ms = 50.0, strength = 0.2 } } }
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 3.0 } }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.6 } }
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = 0.3 } }
task = { kind = "add", lags = [3, 5] }
run = { steps = 100 }
)";
    const TemporaryFolder folder;
    const Model spiking = load_model(folder.write("model.toml", text), {});
    const GradientCheck found = check_gradient(spiking, {.entries = 10});
    holds(found);
    CHECK(found.is_of_surrogate);
    for (const CheckedSet& set : found.sets) CHECK(set.largest > 1e-3);
}

TEST_CASE("corners of the loss are left out and counted", "[verify][adjoint]") {
    const GradientCheck found = gradient_of(
        "rflo", {"population.hidden.activation=rectified", "population.hidden.size=8"}, 64);
    int left_out = 0;
    for (const CheckedSet& set : found.sets) {
        left_out += set.left_out;
        CHECK(set.error <= 1e-8);
    }
    INFO(left_out);
    CHECK(found.hold());
}

TEST_CASE("verify --gradient prints each set and exits with 4 when one is off",
          "[verify][adjoint][program]") {
    const std::string rflo = path_of_shipped("rflo");
    const Outcome good = apical_with({"verify", rflo, "--gradient", "--entries", "3"});
    CHECK(good.code == 0);
    CHECK_THAT(good.out, Catch::Contains("the loss depends on operations 1-8, 23") &&
                             Catch::Contains("holds: every set agrees within 1e-08"));
    const Outcome bad =
        apical_with({"verify", rflo, "--gradient", "--entries", "3", "--tolerance", "1e-16"});
    CHECK(bad.code == static_cast<int>(ExitCode::verification_failed));
    CHECK_THAT(bad.out, Catch::Contains("does not hold within 1e-16: W_rec"));
}

TEST_CASE("what verify --gradient cannot use is rejected", "[verify][adjoint][program][bad]") {
    const std::string rflo = path_of_shipped("rflo");
    const auto fails = [](const std::vector<std::string>& arguments, const char* phrase) {
        const Outcome outcome = apical_with(arguments);
        INFO(outcome.err);
        CHECK(outcome.code != 0);
        CHECK_THAT(outcome.err, Catch::Contains(phrase));
    };
    fails({"verify", rflo, "--gradient", "--entries", "0"}, "--entries");
    fails({"verify", rflo, "--entries", "3"}, "--gradient");
    fails({"verify", rflo, "--gradient", "--ladder"}, "--");
    fails({"verify", path_of_shipped("rules/oja"), "--gradient"}, "no loss");
}

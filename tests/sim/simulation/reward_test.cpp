// Trials that are taught by what they were worth, and not by labels.
#include <Eigen/Core>
#include <map>

#include "sim/apical.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// W_out changes in a trial's last step by (reward - expected) times what both cells fire.
std::string taught(const std::string& task, const std::string& more = "") {
    return "format = 1\n"
           "phase = [{ name = \"forward\", ms = 6.0 }, { name = \"update\", ms = 4.0 }]\n"
           "population.input.role = \"input\"\n"
           "population.label.role = \"label\"\n"
           "population.hidden = { size = 5, activation = \"tanh\", alpha = 0.5 }\n"
           "population.output.role = \"output\"\n"
           "synapses.W_in = { from = \"input\", to = \"hidden.soma\", during = \"forward\","
           " init = { normal = 1.0 } }\n"
           "synapses.W_out = { from = \"hidden\", to = \"output.soma\", during = \"forward\","
           " init = { normal = 1.0 } }\n"
           "[rule.by_reward]\n"
           "parameters = { rate = { minimum = 0.0 } }\n"
           "signals = { reward = \"all\", expected = \"all\" }\n"
           "equations = \"w += rate * (reward - expected) * post.r * pre.r\"\n"
           "[plasticity.learning]\n"
           "rule = \"by_reward\"\nsynapses = [\"W_out\"]\nreward = \"task.reward\"\n"
           "expected = \"task.expected\"\nrate = 0.1\nin = \"end\"\n"
           "[trial]\nwindow.end = { from = -1 }\n"
           "[run]\nsteps = 10_000\nseed = 5\n"
           "[task]\n" +
           task + "\n" + more;
}

constexpr char match[] = "kind = \"delayed_match\"\ndelay = 2\nteaching = \"reward\"";

}  // namespace

TEST_CASE("a trial's reward is 1 for the right choice, and what is expected its mean by type",
          "[reward]") {
    const Model model = model_of_text(taught(match));
    Simulation simulation(model);
    std::map<int, double> means;
    Matrix W = Eigen::Map<const Matrix>(simulation.read("W_out").data(), 2, 5);
    int right = 0;
    constexpr int trials = 60;
    for (int trial = 0; trial < trials; ++trial) {
        Vector output = Vector::Zero(2), label = Vector::Zero(2);
        for (int t = 0; t < 22; ++t) {
            simulation.step();
            if (t < 17) {
                REQUIRE(simulation.read("task.reward")[0] == 0.0);
                continue;
            }
            const std::vector<double> r = simulation.read("output.r"),
                                      y = simulation.read("label.r");
            output += Eigen::Map<const Vector>(r.data(), 2);
            label += Eigen::Map<const Vector>(y.data(), 2);
        }
        const int type = static_cast<int>(std::lround(simulation.read("trial.type")[0]));
        const double reward = (output(1) > output(0)) == (label(1) > label(0)) ? 1.0 : 0.0;
        const double expected = means.count(type) > 0 ? means[type] : 0.0;
        REQUIRE(simulation.read("task.reward")[0] == reward);
        REQUIRE(simulation.read("task.expected")[0] == Approx(expected).epsilon(1e-14));
        const std::vector<double> post = simulation.read("output.r"),
                                  pre = simulation.read("hidden.r");
        W += 0.1 * (reward - expected) * Eigen::Map<const Vector>(post.data(), 2) *
             Eigen::Map<const Vector>(pre.data(), 5).transpose();
        const Matrix found = Eigen::Map<const Matrix>(simulation.read("W_out").data(), 2, 5);
        REQUIRE(distance(found, W) < 1e-13);
        means[type] = means.count(type) > 0 ? 0.75 * means[type] + 0.25 * reward : reward;
        right += reward == 1.0;
    }
    CHECK(right > 0);
    CHECK(right < trials);
    CHECK(means.size() == 4);
}

TEST_CASE("a trial of a task without classes is worth minus its mean loss", "[reward]") {
    const Model model =
        model_of_text(taught("kind = \"pattern\"\nperiod = 10\nteaching = \"reward\""));
    Simulation simulation(model);
    double expected = 0.0;
    for (int trial = 0; trial < 5; ++trial) {
        double loss = 0.0;
        for (int t = 0; t < 10; ++t) {
            simulation.step();
            loss += simulation.loss() / 10.0;
        }
        CHECK(simulation.read("task.reward")[0] == Approx(-loss).epsilon(1e-13));
        CHECK(simulation.read("task.expected")[0] == Approx(expected).epsilon(1e-13));
        expected = trial == 0 ? -loss : 0.75 * expected - 0.25 * loss;
    }
}

TEST_CASE("rewards go on from what was saved within a trial, bit by bit", "[reward]") {
    const Model model = model_of_text(taught(match));
    Simulation whole(model), first(model), second(model);
    whole.step(400);
    first.step(195);
    const std::vector<char> saved = first.save();
    second.restore(saved);
    second.step(205);
    for (const char* address : {"W_out", "task.reward", "task.expected"})
        CHECK(same_bits(whole.read(address), second.read(address)));
}

TEST_CASE("with teaching by reward no label reaches the circuit, and without it no reward",
          "[reward]") {
    const auto refused = [](const std::string& text) {
        const TemporaryFolder folder;
        const std::string path = folder.write("m.toml", text);
        const auto error = error_of([&] { load_model(path); });
        REQUIRE(error);
        CHECK(error->code() == ExitCode::bad_model);
        return std::string(error->what());
    };
    using Catch::Contains;
    const std::string errors = "[population.error]\nrole = \"error\"\nduring = \"update\"\n";
    CHECK_THAT(refused(taught(match, errors)),
               Contains("with teaching = \"reward\" no label reaches the circuit, but [") &&
                   Contains("expected no error cells"));
    CHECK_THAT(refused(taught("kind = \"delayed_match\"\ndelay = 2")),
               Contains("a rule reads \"task.reward\", and the task gives no reward; expected "
                        "teaching = \"reward\" in [task]"));
}

// Rules of spike timing: the window of two spikes, and triplets, in closed form.
#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

namespace {

constexpr double ms = 1.0;  // of a step

// Input 0 spikes when `pre` says so and learns at a dendrite that is shut; input 1 makes the cell
// fire at once in the steps `post`.
Model timed(const std::string& rule, const std::vector<int>& pre, const std::vector<int>& post) {
    Matrix x = Matrix::Zero(200, 2);
    for (const int t : pre) x(t, 0) = 1.0;
    for (const int t : post) x(t, 1) = 1.0;
    return shown(R"(
phase = [{ name = "step", ms = 1.0 }]
population.cell = { size = 1, dendrites = ["apical"], spikes = { threshold = 1.0, reset = 0.0 } }
gate.shut = { opens = "cell.apical", during = [] }
synapses.W_in = { from = "input", to = "cell.soma", during = "step", init = { constant = 0.0 } }
synapses.W = { from = "input", to = "cell.apical", during = "step", init = { constant = 0.0 } }
plasticity.learning = { synapses = ["W"], )" +
                     rule + " }\n",
                 x);
}

double change(const std::string& rule, const std::vector<int>& pre, const std::vector<int>& post) {
    SteppedModel sim(timed(rule, pre, post));
    sim.write("W_in", row({0.0, 1.0}));
    sim.step(200);
    return sim.matrix("W")(0, 0);
}

}  // namespace

TEST_CASE("two spikes change a strength by the window of their difference in time",
          "[rules][closed_form][spikes]") {
    const std::string rule =
        "rule = \"stdp\", rate = 0.01, depression = 0.6, tau_plus_ms = 17.0, tau_minus_ms = 34.0";
    for (int apart = -60; apart <= 60; apart += 3) {
        INFO("post - pre " << apart << " ms");
        const double s = apart * ms, expected = apart > 0   ? 0.01 * std::exp(-s / 17.0)
                                                : apart < 0 ? -0.006 * std::exp(s / 34.0)
                                                            : 0.0;
        CHECK(change(rule, {70}, {70 + apart}) == near(expected));
    }
}

TEST_CASE("all pairs of spikes count, each by itself", "[rules][closed_form][spikes]") {
    const std::vector<int> pre = {10, 14, 40, 90}, post = {12, 13, 41, 80, 91};
    double expected = 0.0;
    for (const int i : pre) {
        for (const int k : post) {
            const double s = k - i;
            expected += s > 0.0   ? 0.01 * std::exp(-s / 20.0)
                        : s < 0.0 ? -0.0105 * std::exp(s / 20.0)
                                  : 0.0;
        }
    }
    CHECK(change("rule = \"stdp\", rate = 0.01", pre, post) == near(expected));
}

TEST_CASE("a triplet of spikes changes what its two pairs and the triplet itself do",
          "[rules][closed_form][spikes]") {
    const std::string rule = "rule = \"triplet_stdp\", rate = 0.5, a2_plus = 1e-3";
    const auto plus = [](double s) { return std::exp(-s / 16.8); };
    const auto minus = [](double s) { return std::exp(-s / 33.7); };
    const auto x = [](double s) { return std::exp(-s / 101.0); };
    const auto y = [](double s) { return std::exp(-s / 125.0); };
    // post, pre, post: 5 and then 7 ms apart.
    const double post_pre_post = 0.5 * (-7e-3 * minus(5.0) + (1e-3 + 6.2e-3 * y(12.0)) * plus(7.0));
    CHECK(change(rule, {55}, {50, 62}) == near(post_pre_post));
    // pre, post, pre: the second presynaptic spike finds the trace of the first.
    const double pre_post_pre = 0.5 * (1e-3 * plus(5.0) - (7e-3 + 2.3e-4 * x(12.0)) * minus(7.0));
    CHECK(change(rule, {50, 62}, {55}) == near(pre_post_pre));
}

TEST_CASE("spikes of one step change no strength by their timing", "[rules][closed_form][spikes]") {
    CHECK(change("rule = \"stdp\", rate = 1.0", {30}, {30}) == near(0.0));
    CHECK(change("rule = \"triplet_stdp\", rate = 1.0", {30}, {30}) == near(0.0));
}

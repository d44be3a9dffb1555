// Rules that keep numbers of their own, most at each synapse, come to their closed forms.
#include <complex>

#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

TEST_CASE("RMSprop changes synapses of any gradient by one size, of its sign",
          "[rules][closed_form]") {
    constexpr double rate = 1e-3, keep = 0.9, floor = 1e-12;
    SteppedModel sim(shown(taught_through_B("rule = \"rmsprop_like\", credit = \"cell.feedback\", "
                                            "rate = 1e-3, keep = 0.9, floor = 1e-12"),
                           row({0.5, -0.02}), row({1.0})));
    sim.write("B", row({-0.7}));  // V = 0: the error is -1, and the credit 0.7
    const double gradient[] = {0.7 * 0.5, 0.7 * -0.02};
    double expected[] = {0.0, 0.0};
    for (int t = 1; t <= 500; ++t) {
        sim.step();
        for (int j = 0; j < 2; ++j) {
            // The mean of a constant square is gradient^2 (1 - keep^t).
            const double root = std::abs(gradient[j]) * std::sqrt(1.0 - std::pow(keep, t));
            expected[j] -= rate * gradient[j] / (root + floor);
            REQUIRE(sim.matrix("W")(0, j) == near(expected[j]));
        }
    }
    const Matrix before = sim.matrix("W");
    sim.step();
    CHECK(sim.matrix("W")(0, 0) - before(0, 0) == near(-rate));
    CHECK(sim.matrix("W")(0, 1) - before(0, 1) == near(rate));
}

TEST_CASE("a strength and its tag meet where the tag's share of their sum says",
          "[rules][closed_form]") {
    constexpr double pull = 0.01, follow = 0.002, to_tag = pull * (1.0 - follow);
    SteppedModel sim(shown(beside_W("rule = \"metaplasticity\", rate = 0.0"), row({1.0})));
    sim.write("W", row({1.0}));
    // The distance falls by (1 - pull) (1 - follow) a step; follow w + to_tag d stays.
    const double end = follow / (to_tag + follow), falls = (1.0 - pull) * (1.0 - follow);
    for (int t = 1; t <= 5'000; ++t) {
        sim.step();
        const double apart = std::pow(falls, t);
        REQUIRE(sim.matrix("W")(0, 0) == near(end + (1.0 - end) * apart));
        REQUIRE(sim.matrix("tag(W)")(0, 0) == near(end - end * apart));
    }
    CHECK(sim.matrix("W")(0, 0) == near(0.166944908180301));
}

TEST_CASE("constant rates move a strength and its tag together, apart by what pulls them",
          "[rules][closed_form]") {
    constexpr double pull = 0.01, follow = 0.002, to_tag = pull * (1.0 - follow);
    SteppedModel sim(shown(beside_W("rule = \"metaplasticity\", rate = 0.1"), row({0.5})));
    sim.write("W_in", row({0.4}));  // y = 0.2
    const double drive = 0.1 * 0.2 * 0.5, falls = (1.0 - pull) * (1.0 - follow);
    for (int t = 1; t <= 500; ++t) {
        sim.step();
        const double apart = drive * (1.0 - std::pow(falls, t)) / (1.0 - falls),
                     sum = follow * drive * t;  // follow w + to_tag d
        REQUIRE(sim.matrix("W")(0, 0) == near((sum + to_tag * apart) / (to_tag + follow)));
        REQUIRE(sim.matrix("tag(W)")(0, 0) == near((sum - follow * apart) / (to_tag + follow)));
    }
}

namespace {

// One cell of alpha 0.3 whose adaptation takes 0.7 a from its voltage, learning by e-prop.
std::string adapting_cell(const std::string& activation, const std::string& rate) {
    std::string lines = taught_through_B(
        fmt::format("rule = \"eprop_adapting\", credit = \"cell.feedback\", rate = {}, g = 0.7, "
                    "tau_ms = 40.0",
                    rate),
        activation);
    lines.replace(lines.find("size = 1,"), 9, "size = 1, alpha = 0.3,");
    return lines +
           "dynamics.adaptation = { cells = \"cell\", parameters = { g = 0.7, tau_ms = 40.0 }, "
           "state = { a = \"cell\" }, equations = [\"da/dt = (r - a) / tau_ms\", \"soma.v += -g * "
           "a\"] }\n";
}

}  // namespace

TEST_CASE("e-prop's eligibility is the derivative of an adapting cell's rate by its strength",
          "[rules][closed_form]") {
    Matrix x(5, 2);
    x << 0.5, 1.0, -1.0, 0.3, 2.0, 0.0, 0.1, -0.6, 1.5, 0.2;
    SteppedModel sim(shown(adapting_cell("tanh", "0.0"), x, Matrix::Zero(5, 1)));
    const Matrix w = row({0.8, -0.4});
    sim.write("W", w);
    // A strength with an imaginary part h: that of the rate is h dr/dw, without cancellation.
    constexpr double h = 1e-20;
    const double keep = std::exp(-step_ms / 40.0);
    std::complex<double> a[2] = {}, r[2] = {};
    for (int t = 0; t < 60; ++t) {
        sim.step();
        const Matrix shown_now = x.row(t % 5);
        for (int j = 0; j < 2; ++j) {
            a[j] = keep * a[j] + (1.0 - keep) * r[j];
            const std::complex<double> drive{(w * shown_now.transpose())(0, 0),
                                             h * shown_now(0, j)};
            r[j] = 0.7 * r[j] + 0.3 * std::tanh(drive - 0.7 * a[j]);
            REQUIRE(sim.vector("cell.r")[0] == near(r[j].real()));
            REQUIRE(sim.matrix("eligibility(W)")(0, j) == near(r[j].imag() / h));
            REQUIRE(sim.matrix("adapted(W)")(0, j) == near(a[j].imag() / h));
        }
    }
}

TEST_CASE("e-prop changes a linear adapting cell by its response to a drive of one",
          "[rules][closed_form]") {
    SteppedModel sim(shown(adapting_cell("linear", "0.01"), row({0.5}), row({1.0})));
    sim.write("B", row({-0.2}));  // V = 0: the error is -1, and the credit 0.2
    const double keep = std::exp(-step_ms / 40.0);
    double a = 0.0, r = 0.0, w = 0.0;  // of a cell whose strength is 1
    for (int t = 0; t < 500; ++t) {
        sim.step();
        a = keep * a + (1.0 - keep) * r;
        r = 0.7 * r + 0.3 * (0.5 - 0.7 * a);
        w -= 0.01 * 0.2 * r;
        REQUIRE(sim.matrix("W")(0, 0) == near(w));
    }
    CHECK(sim.matrix("eligibility(W)")(0, 0) == near(0.5 / 1.7));
}

namespace {

// One cell of alpha 0.3 that drives itself by 0.6 of its rate, learning by SnAp-1.
std::string persistent_cell(const std::string& activation, const std::string& rate) {
    std::string lines = taught_through_B(
        "rule = \"snap1\", credit = \"cell.feedback\", self = \"cell.self\", rate = " + rate,
        activation);
    lines.replace(lines.find("size = 1,"), 9, "size = 1, alpha = 0.3,");
    return lines +
           "dynamics.persistence = { cells = \"cell\", state = { self = { at = \"cell\", init = { "
           "constant = 0.6 } } }, equations = \"soma.v += self * r\" }\n";
}

}  // namespace

TEST_CASE("SnAp-1's influence is the derivative of a self-driven cell's rate by its strength",
          "[rules][closed_form]") {
    Matrix x(5, 2);
    x << 0.5, 1.0, -1.0, 0.3, 2.0, 0.0, 0.1, -0.6, 1.5, 0.2;
    SteppedModel sim(shown(persistent_cell("tanh", "0.0"), x, Matrix::Zero(5, 1)));
    const Matrix w = row({0.8, -0.4});
    sim.write("W", w);
    constexpr double h = 1e-20;  // as above: the imaginary part of one strength
    std::complex<double> r[2] = {};
    for (int t = 0; t < 60; ++t) {
        sim.step();
        const Matrix shown_now = x.row(t % 5);
        for (int j = 0; j < 2; ++j) {
            const std::complex<double> drive{(w * shown_now.transpose())(0, 0),
                                             h * shown_now(0, j)};
            r[j] = 0.7 * r[j] + 0.3 * std::tanh(drive + 0.6 * r[j]);
            REQUIRE(sim.vector("cell.r")[0] == near(r[j].real()));
            REQUIRE(sim.matrix("own_influence(W)")(0, j) == near(r[j].imag() / h));
        }
    }
}

TEST_CASE("SnAp-1 keeps the influence of a linear cell by what it keeps and drives of its rate",
          "[rules][closed_form]") {
    SteppedModel sim(shown(persistent_cell("linear", "0.01"), row({0.5}), row({1.0})));
    sim.write("B", row({-0.2}));  // V = 0: the error is -1, and the credit 0.2
    const double kept = 1.0 - 0.3 + 0.3 * 0.6;
    double expected = 0.0;
    for (int t = 1; t <= 300; ++t) {
        sim.step();
        expected -= 0.01 * 0.2 * 0.3 * 0.5 * (1.0 - std::pow(kept, t)) / (1.0 - kept);
        REQUIRE(sim.matrix("W")(0, 0) == near(expected));
    }
    CHECK(sim.matrix("own_influence(W)")(0, 0) == near(0.5 / (1.0 - 0.6)));
}

namespace {

// One linear cell that the output fires as it is; the second input is its noise.
std::string perturbed_cell(const std::string& rule) {
    return R"(
phase = [{ name = "forward", ms = 6.0 }, { name = "update", ms = 4.0 }]
population.label.role = "label"
population.cell = { size = 1, activation = "linear" }
population.output.role = "output"
synapses.W = { from = "input", to = "cell.soma", during = "forward", init = { constant = 0.0 } }
synapses.V = { from = "cell", to = "output.soma", during = "forward", init = { constant = 1.0 } }
plasticity.learning = { rule = "node_perturbation", synapses = ["W"], )" +
           rule + " }\n";
}

// 0.6 beside 0, +-sqrt(3), as often as the first five moments of a normal number ask for.
Matrix with_noise() {
    const double root = std::sqrt(3.0);
    Matrix x(6, 2);
    x << 0.6, 0.0, 0.6, root, 0.6, 0.0, 0.6, -root, 0.6, 0.0, 0.6, 0.0;
    return x;
}

}  // namespace

TEST_CASE("node perturbation changes a strength down the gradient, by 3 s^4 e x^3 in the mean",
          "[rules][closed_form]") {
    constexpr double s = 0.5, e = 0.4, x = 0.6;
    SteppedModel sim(shown(perturbed_cell("rate = 1.0, forget = 1.0"), with_noise(),
                           Matrix::Constant(6, 1, -e)));
    double mean_change = 0.0;
    for (int t = 0; t < 6; ++t) {
        sim.write("W", row({0.0, s}));
        sim.write("learning.mean", row({0.0}));
        sim.write("learning.baseline", row({-0.1}));  // which has no part in the mean
        sim.step();
        mean_change += sim.matrix("W")(0, 0) / 6.0;
    }
    CHECK(mean_change == near(-3.0 * std::pow(s, 4) * e * std::pow(x, 3)));
    CHECK(mean_change == near(-0.0162));
}

TEST_CASE("node perturbation follows its means of voltage and reward", "[rules][closed_form]") {
    const Matrix x = with_noise();
    SteppedModel sim(shown(perturbed_cell("rate = 0.05, forget = 0.2, largest = 0.8, tau_ms = "
                                          "50.0, tau_reward_ms = 200.0"),
                           x, Matrix::Constant(6, 1, -0.4)));
    sim.write("W", row({0.3, 0.5}));
    const double k = std::exp(-step_ms / 50.0), k_reward = std::exp(-step_ms / 200.0);
    double w[] = {0.3, 0.5}, taken_up[] = {0.0, 0.0}, mean = 0.0, baseline = 0.0;
    for (int t = 0; t < 300; ++t) {
        sim.step();
        const double v = w[0] * x(t % 6, 0) + w[1] * x(t % 6, 1);
        const double deviation = std::min(std::max(v - mean, -0.8), 0.8);
        const double reward = -0.5 * (v + 0.4) * (v + 0.4), surprise = reward - baseline;
        mean = k * mean + (1.0 - k) * v;
        baseline = k_reward * baseline + (1.0 - k_reward) * reward;
        for (int j = 0; j < 2; ++j) {
            taken_up[j] = 0.8 * taken_up[j] + std::pow(x(t % 6, j) * deviation, 3);
            w[j] += 0.05 * surprise * taken_up[j];
            REQUIRE(sim.matrix("W")(0, j) == near(w[j]));
            REQUIRE(sim.matrix("e(W)")(0, j) == near(taken_up[j]));
        }
        REQUIRE(sim.vector("learning.mean")[0] == near(mean));
        REQUIRE(sim.vector("learning.baseline")[0] == near(baseline));
    }
}

TEST_CASE("traces of both cells grow by themselves, and a strength changes by their product",
          "[rules][closed_form]") {
    SteppedModel sim(shown(taught_through_B("rule = \"pre_post_trace\", credit = \"cell.feedback\""
                                            ", rate = 0.1, tau_ms = 35.0, tau_post_ms = 80.0"),
                           row({0.5}), row({1.0})));
    sim.write("B", row({-0.2}));  // V = 0: the error is -1, and the credit 0.2
    double expected = 0.0;
    for (int t = 1; t <= 100; ++t) {
        sim.step();
        const double pre = 0.5 * (1.0 - std::exp(-t * step_ms / 35.0)),
                     post = 1.0 - std::exp(-t * step_ms / 80.0);
        expected -= 0.1 * 0.2 * post * pre;
        REQUIRE(sim.vector("learning.pre_trace(W)")[0] == near(pre));
        REQUIRE(sim.vector("learning.post_trace")[0] == near(post));
        REQUIRE(sim.matrix("W")(0, 0) == near(expected));
    }
}

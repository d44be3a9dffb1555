// Rules that are text come to what their equations come to, in closed form, step by step.
#include "sim/numbers/random.hpp"
#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

namespace {

const Matrix x_of_norm_1 = row({0.6, 0.8});

}  // namespace

TEST_CASE("Oja's linear cell follows y + rate y (1 - y^2) to strengths of norm 1",
          "[rules][closed_form]") {
    SteppedModel sim(shown(driven_by_W("rule = \"oja\", rate = 0.1"), x_of_norm_1));
    sim.write("W", row({0.06, 0.08}));
    double y = 0.1;
    for (int t = 0; t < 200; ++t) {
        sim.step();
        REQUIRE(sim.vector("cell.r")[0] == near(y));
        y += 0.1 * y * (1.0 - y * y);
    }
    CHECK(sim.matrix("W").norm() == near(1.0));
}

TEST_CASE("Oja's cell finds the direction in which the inputs of its model vary most",
          "[rules][closed_form]") {
    SteppedModel sim(load_model(path_of_shipped("rules/oja")));
    sim.step(60'000);
    const Matrix W = sim.matrix("W");
    // <x x^T> = (1 + I) / 4 of independent fair bits, whose largest eigenvector is (1, ..., 1).
    CHECK(std::abs(W.sum()) / (std::sqrt(32.0) * W.norm()) > 0.995);
    CHECK(W.norm() == Approx(1.0).margin(0.01));
}

TEST_CASE("Oja's cell turns to the eigenvector of a covariance", "[rules][closed_form]") {
    // Variances 2 and 1, turned by 30 degrees.
    constexpr int steps = 60'000, apart = 100;
    const double pi = std::acos(-1.0), c = std::cos(pi / 6.0), s = std::sin(pi / 6.0);
    const Stream normal(1, "test/oja");
    Matrix x(steps, 2);
    for (int t = 0; t < steps; ++t) {
        const double a = std::sqrt(2.0) * normal.normal(static_cast<std::uint64_t>(t), 0),
                     b = normal.normal(static_cast<std::uint64_t>(t), 1);
        x.row(t) << c * a - s * b, s * a + c * b;
    }
    SteppedModel sim(shown(driven_by_W("rule = \"oja\", rate = 0.002"), x));
    sim.write("W", row({0.1, 0.1}));
    sim.step(steps / 2);
    Matrix mean = Matrix::Zero(1, 2);
    for (int t = steps / 2; t < steps; t += apart) {
        sim.step(apart);
        mean += sim.matrix("W") / (steps / 2 / apart);
    }
    CHECK(std::atan2(mean(0, 1), mean(0, 0)) * 180.0 / pi == Approx(30.0).margin(2.0));
    CHECK(mean.norm() == Approx(1.0).margin(0.01));
}

TEST_CASE("BCM with two patterns in turn becomes selective for one", "[rules][closed_form]") {
    Matrix patterns(2, 2);
    patterns << 0.0, 1.0, 1.0, 0.0;
    SteppedModel sim(shown(driven_by_W("rule = \"bcm\", rate = 0.005, tau_ms = 200.0"), patterns));
    sim.write("W", row({0.6, 0.4}));
    sim.step(20'000);
    // theta has seen y when W changes: y = theta = y^2 / (1 + k), k = exp(-step / tau).
    CHECK(sim.matrix("W")(0, 0) == near(1.0 + std::exp(-step_ms / 200.0)));
    CHECK(sim.matrix("W")(0, 0) == near(1.951229424500714));
    CHECK(sim.matrix("W")(0, 1) == near(0.0));
}

TEST_CASE("running means follow the exponential exactly, whatever the step",
          "[rules][closed_form]") {
    SteppedModel sim(
        shown(beside_W("rule = \"covariance\", rate = 0.0, tau_ms = 35.0"), row({1.0})));
    sim.write("W_in", row({1.0}));
    sim.step(7);
    for (const char* mean : {"learning.pre_mean(W)", "learning.post_mean"}) {
        INFO(mean);
        CHECK(sim.vector(mean)[0] == near(1.0 - std::exp(-2.0)));
        CHECK(sim.vector(mean)[0] == near(0.864664716763387));
    }
}

TEST_CASE("constant rates change a covariance less and less, as both means reach them",
          "[rules][closed_form]") {
    SteppedModel sim(
        shown(beside_W("rule = \"covariance\", rate = 0.1, tau_ms = 35.0"), row({2.0})));
    sim.write("W_in", row({0.25}));                       // y = 0.5
    const double keep = std::exp(-2.0 * step_ms / 35.0);  // of both deviations' product
    for (int t = 1; t <= 50; ++t) {
        sim.step();
        const double expected = 0.1 * 2.0 * 0.5 * keep * (1.0 - std::pow(keep, t)) / (1.0 - keep);
        REQUIRE(sim.matrix("W")(0, 0) == near(expected));
    }
}

TEST_CASE("the covariance rule changes strengths by the covariance", "[rules][closed_form]") {
    constexpr int steps = 40'000;
    Matrix x(steps, 2);
    const Stream normal(1, "test/covariance");
    for (int t = 0; t < steps; ++t)
        x.row(t) << 0.5 + normal.normal(static_cast<std::uint64_t>(t), 0),
            normal.normal(static_cast<std::uint64_t>(t), 1);
    SteppedModel sim(shown(beside_W("rule = \"covariance\", rate = 1e-3, tau_ms = 20_000.0"), x));
    sim.write("W_in", row({0.3, 0.1}));
    sim.step(steps);
    CHECK(sim.matrix("W")(0, 0) / (1e-3 * steps) == Approx(0.30).margin(0.01));
    CHECK(sim.matrix("W")(0, 1) / (1e-3 * steps) == Approx(0.10).margin(0.01));
}

TEST_CASE("Hebb with decay comes to rate y x / decay", "[rules][closed_form]") {
    SteppedModel sim(
        shown(beside_W("rule = \"hebb_decay\", rate = 0.01, decay = 0.05"), row({0.5})));
    sim.write("W_in", row({0.8}));  // y = 0.4
    for (int t = 1; t <= 2000; ++t) {
        sim.step();
        REQUIRE(sim.matrix("W")(0, 0) == near(0.04 * (1.0 - std::pow(0.95, t))));
    }
    CHECK(sim.matrix("W")(0, 0) == near(0.04));
}

TEST_CASE("differential Hebb strengthens what comes before the cell's rate rises",
          "[rules][closed_form]") {
    Matrix x = Matrix::Zero(10, 3);
    x(0, 0) = 1.0;  // three steps before the second input, which alone drives the cell
    x(3, 1) = 1.0;
    x(6, 2) = 1.0;
    SteppedModel sim(shown(beside_W("rule = \"differential_hebb\", rate = 0.1, tau_ms = 20.0"), x));
    sim.write("W_in", row({0.0, 0.5, 0.0}));
    sim.step(10);
    // The trace of one step's 1 is (1 - k) k^t; the rate rises by 0.5 in one step and falls in the
    // next.
    const double k = std::exp(-step_ms / 20.0), together = 0.1 * 0.5 * (1.0 - k) * (1.0 - k);
    CHECK(sim.matrix("W")(0, 0) == near(together * std::pow(k, 3)));
    CHECK(sim.matrix("W")(0, 1) == near(together));
    CHECK(sim.matrix("W")(0, 2) == 0.0);
}

TEST_CASE("an instar comes nearer to its input by rate y a step", "[rules][closed_form]") {
    const Matrix x = row({0.25, 0.75}), start = row({2.0, -1.0});
    SteppedModel sim(shown(beside_W("rule = \"instar\", rate = 0.1"), x));
    sim.write("W_in", row({0.5, 0.5}));  // y = 0.5
    sim.write("W", start);
    for (int t = 1; t <= 100; ++t) {
        sim.step();
        const Matrix expected = x + std::pow(1.0 - 0.1 * 0.5, t) * (start - x);
        REQUIRE(distance(sim.matrix("W"), expected) <= form_tolerance);
    }
}

TEST_CASE("PES makes the error fall by rate |x|^2 a step", "[rules][closed_form]") {
    SteppedModel sim(shown(taught_through_B("rule = \"pes\", error = \"cell.feedback\", rate = "
                                            "0.1"),
                           x_of_norm_1, row({0.5})));
    sim.write("V", row({1.0}));
    sim.write("B", row({1.0}));
    for (int t = 0; t < 100; ++t) {
        sim.step();
        REQUIRE(sim.vector("error.r")[0] == near(-0.5 * std::pow(0.9, t)));
    }
}

TEST_CASE("feedback alignment makes the error fall by rate V B |x|^2 a step",
          "[rules][closed_form]") {
    SteppedModel sim(shown(taught_through_B("rule = \"feedback_alignment\", credit = "
                                            "\"cell.feedback\", rate = 0.1"),
                           x_of_norm_1, row({0.5})));
    sim.write("V", row({2.0}));
    sim.write("B", row({0.7}));
    for (int t = 0; t < 100; ++t) {
        sim.step();
        REQUIRE(sim.vector("error.r")[0] == near(-0.5 * std::pow(1.0 - 0.1 * 2.0 * 0.7, t)));
    }
}

TEST_CASE("feedback alignment weighs the credit by the slope", "[rules][closed_form]") {
    SteppedModel sim(shown(taught_through_B("rule = \"feedback_alignment\", credit = "
                                            "\"cell.feedback\", rate = 0.1",
                                            "tanh"),
                           x_of_norm_1, row({0.5})));
    sim.write("V", row({2.0}));
    sim.write("B", row({0.7}));
    const Matrix W = row({0.3, -0.2});
    sim.write("W", W);
    sim.step();
    const double r = std::tanh((W * x_of_norm_1.transpose())(0, 0)), credit = 0.7 * (2.0 * r - 0.5);
    const Matrix expected = W - 0.1 * credit * (1.0 - r * r) * x_of_norm_1;
    CHECK(distance(sim.matrix("W"), expected) <= form_tolerance);
}

TEST_CASE("a presynaptic trace of a constant rate gives the credit more and more weight",
          "[rules][closed_form]") {
    constexpr double tau_ms = 35.0, label = 0.5, B = 0.7, rate_of_W = 0.1;
    SteppedModel sim(shown(taught_through_B("rule = \"pre_trace\", credit = \"cell.feedback\", "
                                            "rate = 0.1, tau_ms = 35.0"),
                           x_of_norm_1, row({label})));
    sim.write("B", row({B}));  // V = 0, so that the error is - label
    const double keep = std::exp(-step_ms / tau_ms);
    for (int t = 1; t <= 50; ++t) {
        sim.step();
        const double traced = t - keep * (1.0 - std::pow(keep, t)) / (1.0 - keep);
        REQUIRE(distance(sim.matrix("W"), Matrix(rate_of_W * B * label * traced * x_of_norm_1)) <=
                form_tolerance);
    }
}

TEST_CASE("the delta rule with decay comes to rate y* x / (decay + rate x^2)",
          "[rules][closed_form]") {
    SteppedModel sim(shown(R"(
phase = [{ name = "forward", ms = 6.0 }, { name = "update", ms = 4.0 }]
population.label.role = "label"
population.output.role = "output"
population.error = { role = "error", during = "update" }
synapses.W = { from = "input", to = "output.soma", during = "forward", init = { constant = 0.0 } }
plasticity.learning = { rule = "delta_decay", synapses = ["W"], rate = 0.1, decay = 0.02 }
)",
                           row({0.5}), row({0.8})));
    const double end = 0.1 * 0.8 * 0.5 / (0.02 + 0.1 * 0.25);
    for (int t = 1; t <= 700; ++t) {
        sim.step();
        REQUIRE(sim.matrix("W")(0, 0) == near(end * (1.0 - std::pow(1.0 - 0.02 - 0.1 * 0.25, t))));
    }
    CHECK(sim.matrix("W")(0, 0) == near(end));
}

TEST_CASE("lateral synapses learn a dendrite's voltage away", "[rules][closed_form]") {
    SteppedModel sim(shown(R"(
phase = [{ name = "forward", ms = 10.0 }]
population.cell = { size = 1, activation = "linear", dendrites = ["apical"] }
synapses.W_in = { from = "input", to = "cell.soma", during = "forward", init = { constant = 1.0 } }
synapses.W_top = { from = "input", to = "cell.apical", during = "forward", init = { constant = 0.5 } }
synapses.W = { from = "input", to = "cell.apical", during = "forward", init = { constant = 0.0 } }
plasticity.learning = { rule = "cancel_voltage", synapses = ["W"], rate = 0.1 }
)",
                           x_of_norm_1));
    for (int t = 0; t < 200; ++t) {
        sim.step();
        REQUIRE(sim.vector("cell.apical.v")[0] == near(0.5 * (0.6 + 0.8) * std::pow(0.9, t)));
    }
    CHECK(std::abs(sim.vector("cell.apical.v")[0]) < 1e-7);
}

// Rules whose texts come to formulas, in cells or at synapses, come to their closed forms.
#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

TEST_CASE("homeostatic scaling brings a cell's rate to the goal and keeps the strengths' ratio",
          "[rules][closed_form]") {
    SteppedModel sim(shown(driven_by_W("rule = \"homeostatic_scaling\", rate = 0.01, goal = 0.2, "
                                       "tau_ms = 100.0"),
                           row({0.3, 0.4})));
    sim.write("W", row({1.0, 0.5}));
    const double forgotten = std::exp(-step_ms / 100.0);
    double y = 0.5, mean = 0.0;
    for (int t = 0; t < 20'000; ++t) {
        sim.step();
        mean = forgotten * mean + (1.0 - forgotten) * y;
        REQUIRE(sim.vector("cell.r")[0] == near(y));
        y *= 1.0 + 0.01 * (0.2 - mean);
    }
    const Matrix W = sim.matrix("W");
    CHECK(sim.vector("cell.r")[0] == near(0.2));
    CHECK(W(0, 0) / W(0, 1) == near(2.0));
}

TEST_CASE("soft bounds bring strengths nearer to the largest by rate y x a step",
          "[rules][closed_form]") {
    SteppedModel sim(
        shown(beside_W("rule = \"soft_bounds\", rate = 0.01, largest = 1.0"), row({0.5})));
    sim.write("W_in", row({1.6}));  // y = 0.8
    sim.write("W", row({0.2}));
    for (int t = 1; t <= 100; ++t) {
        sim.step();
        REQUIRE(1.0 - sim.matrix("W")(0, 0) == near(0.8 * std::pow(1.0 - 0.01 * 0.4, t)));
    }
    CHECK(1.0 - sim.matrix("W")(0, 0) == near(0.535826057018117));
}

TEST_CASE("hard bounds stop strengths at 0 and 1 exactly", "[rules][closed_form]") {
    SteppedModel sim(shown(beside_W("rule = \"bounded_hebb\", rate = 0.01"), row({1.0, -1.0})));
    sim.write("W_in", row({1.0, 0.0}));  // y = 1
    sim.write("W", row({0.905, 0.095}));
    for (int t = 1; t <= 9; ++t) {
        sim.step();
        REQUIRE(sim.matrix("W")(0, 0) == near(0.905 + 0.01 * t));
        REQUIRE(sim.matrix("W")(0, 1) == near(0.095 - 0.01 * t));
    }
    sim.step(91);
    CHECK(sim.matrix("W")(0, 0) == 1.0);
    CHECK(sim.matrix("W")(0, 1) == 0.0);
}

TEST_CASE("hard bounds keep an inhibitory set inhibitory", "[rules][closed_form]") {
    SteppedModel sim(shown(beside_W("rule = \"bounded_hebb\", rate = 0.01, smallest = -1.0, "
                                    "largest = 0.0"),
                           row({1.0, -1.0})));
    sim.write("W_in", row({1.0, 0.0}));
    sim.write("W", row({-0.05, -0.95}));
    sim.step(100);
    CHECK(sim.matrix("W")(0, 0) == 0.0);
    CHECK(sim.matrix("W")(0, 1) == -1.0);
}

TEST_CASE("within hard bounds strengths are those of Hebb with decay", "[rules][closed_form]") {
    SteppedModel sim(shown(beside_W("rule = \"bounded_hebb\", rate = 0.1, decay = 0.2, "
                                    "largest = 0.3"),
                           row({1.0})));
    sim.write("W_in", row({0.5}));  // y = 0.5
    for (int t = 1; t <= 100; ++t) {
        sim.step();
        REQUIRE(sim.matrix("W")(0, 0) == near(0.25 * (1.0 - std::pow(0.8, t))));
    }
}

TEST_CASE("the delta rule within bounds gives each set what its sign can do of the label",
          "[rules][closed_form]") {
    Matrix x(2, 2), y(2, 1);
    x << 1.0, 0.0, 0.0, 1.0;
    y << 0.3, -0.3;
    const auto taught = [&](const std::string& bounds) {
        return shown(R"(
phase = [{ name = "forward", ms = 6.0 }, { name = "update", ms = 4.0 }]
population.label.role = "label"
population.output.role = "output"
population.error = { role = "error", during = "update" }
synapses.W = { from = "input", to = "output.soma", during = "forward", init = { constant = 0.0 } }
plasticity.learning = { rule = "bounded_delta", synapses = ["W"], rate = 0.1)" +
                         bounds + " }\n",
                     x, y);
    };
    SteppedModel excitatory(taught("")), inhibitory(taught(", smallest = -1.0, largest = 0.0"));
    excitatory.write("W", row({0.0, 0.2}));
    inhibitory.write("W", row({-0.2, 0.0}));
    // Each input comes every other step; a bound is met where w - 0.1 (w - y) would pass 0.
    double opposed = 0.2;
    for (int t = 1; t <= 100; ++t) {
        excitatory.step(2);
        inhibitory.step(2);
        const double taken = 0.3 * (1.0 - std::pow(0.9, t));
        opposed = std::max(0.0, 0.9 * opposed - 0.03);
        REQUIRE(distance(excitatory.matrix("W"), row({taken, opposed})) <= form_tolerance);
        REQUIRE(distance(inhibitory.matrix("W"), row({-opposed, -taken})) <= form_tolerance);
    }
    CHECK(excitatory.matrix("W")(0, 1) == 0.0);
    CHECK(inhibitory.matrix("W")(0, 0) == 0.0);
}

TEST_CASE("the delta rule with L1 decay comes to the lasso's strength, or to within a step of 0",
          "[rules][closed_form]") {
    constexpr double x = 0.5, start = 0.1, rate = 0.1, decay = 0.01;
    const auto taught = [&](double label) {
        return shown(R"(
phase = [{ name = "forward", ms = 6.0 }, { name = "update", ms = 4.0 }]
population.label.role = "label"
population.output.role = "output"
population.error = { role = "error", during = "update" }
synapses.W = { from = "input", to = "output.soma", during = "forward", init = { constant = 0.1 } }
plasticity.learning = { rule = "l1_decay", synapses = ["W"], rate = 0.1, decay = 0.01 }
)",
                     row({x}), row({label}));
    };
    SteppedModel kept(taught(0.8));
    const double end = (0.8 * x - decay / rate) / (x * x);
    for (int t = 1; t <= 700; ++t) {
        kept.step();
        REQUIRE(kept.matrix("W")(0, 0) ==
                near(end + (start - end) * std::pow(1.0 - rate * x * x, t)));
    }
    SteppedModel dropped(taught(0.1));  // 0.1 x is below decay / rate
    dropped.step(30);
    for (int t = 0; t < 300; ++t) {
        dropped.step();
        REQUIRE(std::abs(dropped.matrix("W")(0, 0)) <= decay + rate * 0.1 * x);
    }
}

TEST_CASE("a dendrite learns to predict what its cell fires, along its inputs",
          "[rules][closed_form]") {
    std::string circuit = beside_W("rule = \"dendritic_prediction\", rate = 0.5");
    circuit.replace(circuit.find("\"linear\""), 8, "\"logistic\"");
    SteppedModel sim(shown(circuit, row({0.3, 0.7})));
    sim.write("W_in", row({std::log(4.0) / 0.3, 0.0}));  // y = 0.8
    sim.step(20'000);
    const Matrix W = sim.matrix("W");
    const double dendrite = 0.3 * W(0, 0) + 0.7 * W(0, 1);
    CHECK(1.0 / (1.0 + std::exp(-2.0 / 2.1 * dendrite)) == near(0.8));
    CHECK(W(0, 0) / W(0, 1) == near(3.0 / 7.0));
}

TEST_CASE("bursts teach by how many more they are than of late", "[rules][closed_form]") {
    Matrix labels(2, 1), inputs(2, 1);
    labels << 0.0, 1.0;
    inputs << 0.5, 0.5;
    SteppedModel sim(
        shown(taught_through_B("rule = \"burst\", credit = \"cell.feedback\", rate = 0.1, "
                               "beta = 2.0, tau_ms = 100.0, tau_pre_ms = 35.0"),
              inputs, labels));
    sim.write("W", row({1.0}));
    sim.write("B", row({0.7}));  // V = 0, so that the voltage is - 0.7 label
    const double k = std::exp(-step_ms / 100.0), k_pre = std::exp(-step_ms / 35.0);
    double w = 1.0, events = 0.0, bursts = 0.0;
    for (int t = 0; t < 200; ++t) {
        sim.step();
        const double y = 0.5 * w, burst = y / (1.0 + std::exp(2.0 * 0.7 * (t % 2)));
        events = k * events + (1.0 - k) * y;
        bursts = k * bursts + (1.0 - k) * burst;
        const double trace = 0.5 * (1.0 - std::pow(k_pre, t + 1));
        w += 0.1 * (burst - bursts / (events + 1e-6) * y) * trace;
        REQUIRE(sim.matrix("W")(0, 0) == near(w));
    }
}

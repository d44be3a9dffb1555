// Rules of the dendritic microcircuit (Sacramento et al. 2018) come to their closed forms.
#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

TEST_CASE("top-down synapses learn what a linear cell fires, by the factor 1 - rate |x|^2 a step",
          "[rules][closed_form]") {
    SteppedModel sim(
        shown(beside_W("rule = \"top_down_prediction\", rate = 0.1"), row({0.6, 0.8})));
    sim.write("W_in", row({0.5, 0.25}));  // y = 0.5
    for (int t = 0; t < 100; ++t) {
        sim.step();
        REQUIRE(sim.vector("learning.error")[0] == near(0.5 * std::pow(0.9, t)));
    }
}

TEST_CASE("top-down synapses predict a logistic cell by its own activation",
          "[rules][closed_form]") {
    std::string circuit = beside_W("rule = \"top_down_prediction\", rate = 1.0");
    circuit.replace(circuit.find("\"linear\""), 8, "\"logistic\"");
    SteppedModel sim(shown(circuit, row({0.3, 0.7})));
    sim.write("W_in", row({std::log(4.0) / 0.3, 0.0}));  // y = 0.8
    sim.step(2'000);
    const Matrix W = sim.matrix("W");
    CHECK(1.0 / (1.0 + std::exp(-0.3 * W(0, 0) - 0.7 * W(0, 1))) == near(0.8));
    CHECK(W(0, 0) / W(0, 1) == near(3.0 / 7.0));
}

TEST_CASE("a dendrite learns to predict its soma by the share of its voltage that arrives there",
          "[rules][closed_form]") {
    SteppedModel sim(
        shown(beside_W("rule = \"soma_prediction\", rate = 0.1, share = 0.5"), row({0.6, 0.8})));
    sim.write("W_in", row({0.5, 0.25}));  // y = 0.5
    for (int t = 0; t < 100; ++t) {
        sim.step();
        REQUIRE(sim.vector("learning.predicted")[0] == near(0.5 * (1.0 - std::pow(0.95, t))));
        REQUIRE(sim.vector("learning.error")[0] == near(0.5 * std::pow(0.95, t)));
    }
}

TEST_CASE("a logistic cell's prediction comes to its rate", "[rules][closed_form]") {
    std::string circuit = beside_W("rule = \"soma_prediction\", rate = 1.0, share = 0.4");
    circuit.replace(circuit.find("\"linear\""), 8, "\"logistic\"");
    SteppedModel sim(shown(circuit, row({0.3, 0.7})));
    sim.write("W_in", row({std::log(4.0) / 0.3, 0.0}));  // y = 0.8
    sim.step(5'000);
    const Matrix W = sim.matrix("W");
    CHECK(1.0 / (1.0 + std::exp(-0.4 * (0.3 * W(0, 0) + 0.7 * W(0, 1)))) == near(0.8));
    CHECK(W(0, 0) / W(0, 1) == near(3.0 / 7.0));
}

TEST_CASE("a soma that a teacher nudges teaches its dendrite by the nudge times the error",
          "[rules][closed_form]") {
    SteppedModel sim(shown(R"toml(
phase = [{ name = "up", ms = 6.0 }, { name = "teach", ms = 4.0 }]
population.label.role = "label"
population.cell = { size = 1, activation = "linear", dendrites = ["basal"] }
gate.basal = { opens = "cell.basal", during = ["up"] }
gate.soma = { opens = "cell.soma", during = ["teach"] }
synapses.W = { from = "input", to = "cell.basal", during = "up", init = { constant = 0.0 } }
synapses.teacher = { from = "label", to = "cell.soma", during = "teach", init = { identity = 1.0 } }
dynamics.cell = { cells = "cell", during = "teach", parameters = { nudge = 0.25 }, equations = "soma.v += (1 - nudge) * (basal.v - soma.v)" }
plasticity.learning = { rule = "soma_prediction", synapses = ["W"], rate = 0.1 }
)toml",
                           row({0.6, 0.8}), row({0.5})));
    for (int t = 0; t < 100; ++t) {
        sim.step();
        const double missing = 0.5 * std::pow(1.0 - 0.1 * 0.25, t);
        REQUIRE(sim.vector("cell.basal.v")[0] == near(0.5 - missing));
        REQUIRE(sim.vector("cell.r")[0] == near(0.5 - 0.75 * missing));
    }
}

TEST_CASE("interneurons that predict their partners leave an apical dendrite the error alone",
          "[rules][closed_form]") {
    SteppedModel sim(load_model(path_of_shipped("rules/soma_prediction")));
    const Matrix D = sim.matrix("D");
    for (int t = 0; t < 3; ++t) {
        sim.write("IP", sim.matrix("W_2"));
        sim.write("PI", Matrix(-D));
        sim.step();
        // The upper soma has a nudge of 0.1, of which the interneuron takes a tenth.
        const Vector error = sim.vector("label.r") - sim.vector("output.r");
        const Vector apical = 0.1 * 0.9 * D * error;
        CHECK(distance(sim.vector("hidden.apical.v"), apical) <= form_tolerance);
        CHECK(distance(sim.vector("upper.error"), Vector(0.1 * error)) <= form_tolerance);
    }
}

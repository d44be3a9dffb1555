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

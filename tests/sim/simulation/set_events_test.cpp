// Events that set rates, voltages and strengths at a number, and where noise into a soma is felt.
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string lines = R"(
population.hidden = { size = 5, dendrites = ["up"] }
synapses.V = { from = "hidden", to = "hidden.up", during = "forward", delay = 1, init = { normal = 1.0 } }
rule.grow.equations = "w += 0.01 * (post.up.v + post.r) * pre.r"
plasticity.p = { rule = "grow", synapses = ["W_in"] }
)" + hidden_lines;

}  // namespace

TEST_CASE("an event sets a rate, a voltage and strengths while it is on", "[events]") {
    SteppedModel plain(small_model(lines));
    SteppedModel sim(
        small_model(lines +
                    "event.hold = { at = 4, for = 3, set = { \"hidden.r\" = 0.5, \"W_in\" = 0.25, "
                    "\"hidden.up\" = -1.0 } }\n"));
    plain.step(3);
    sim.step(3);
    REQUIRE(sim.vector("hidden.r") == plain.vector("hidden.r"));
    REQUIRE(sim.matrix("W_in") == plain.matrix("W_in"));
    for (int step = 4; step <= 6; ++step) {
        sim.step();
        CHECK(sim.vector("hidden.r") == Vector::Constant(5, 0.5));
        CHECK(sim.vector("hidden.up.v") == Vector::Constant(5, -1.0));
        CHECK(distance(sim.matrix("W_in"), Matrix(Matrix::Constant(5, 3, 0.25))) == 0.0);
        CHECK(sim.vector("hidden.soma.v")[0] ==
              Approx(0.25 * sim.vector("input.r").sum()).epsilon(0).margin(1e-15));
    }
    sim.step();
    CHECK(sim.vector("hidden.up.v")[0] ==
          Approx(0.5 * sim.matrix("V").row(0).sum()).epsilon(0).margin(1e-15));
    CHECK(sim.vector("hidden.r")[0] ==
          Approx(std::tanh(sim.vector("hidden.soma.v")[0])).epsilon(0).margin(1e-15));
    // What is learned goes on from what was set.
    CHECK(distance(sim.matrix("W_in"),
                   Matrix(Matrix::Constant(5, 3, 0.25) +
                          0.01 * (sim.vector("hidden.up.v") + sim.vector("hidden.r")) *
                              sim.vector("input.r").transpose())) <= 1e-15);
}

TEST_CASE("an event sets one thing of some cells alone", "[events]") {
    SteppedModel sim(small_model(
        lines + "event.some = { at = 2, cells = [1, 3], set = { \"hidden.soma.v\" = 2.0 } }\n"));
    sim.step(2);
    for (int cell = 0; cell < 5; ++cell)
        CHECK((sim.vector("hidden.soma.v")[cell] == 2.0) == (cell == 1 || cell == 3));
    CHECK(sim.vector("hidden.r")[1] == Approx(std::tanh(2.0)).epsilon(0).margin(1e-15));
}

TEST_CASE("events that cannot set a thing are told at their places", "[events][error]") {
    const auto is_refused = [](const std::string& event, const std::string& why) {
        CHECK_THROWS_WITH(small_model(lines + "event.e = { at = 2, " + event + " }\n"),
                          Catch::Contains(why));
    };
    is_refused("set = {}", "sets nothing");
    is_refused("set = { \"hidden.q\" = 1.0 }", "Did you mean \"hidden.r\"");
    is_refused("set = { \"previous(hidden.r)\" = 1.0 }", "a rate or a voltage of now");
    is_refused("set = { \"one.r\" = 2.0 }", "is constant");
    is_refused("set = { \"hidden.r\" = 1.0, \"V\" = 0.0 }, cells = [0]", "sets 2 things");
    is_refused("set = { \"hidden.r\" = 1.0 }, silence = \"hidden\"", "has set and silence");
    is_refused("set = { \"hidden.r\" = 1.0 }, current = 1.0", "says nothing of what it does");
    is_refused("set = { \"hidden.r\" = \"high\" }", "expected a table of numbers by name");
}

TEST_CASE("noise into a soma is felt where the soma drives firing", "[noise]") {
    const std::string gated = R"(
population.hidden = { size = 5, dendrites = ["up"] }
gate.perisomatic = { opens = "hidden.soma", during = "forward" }
gate.disinhibition = { opens = "hidden.up", during = "update" }
synapses.V = { from = "hidden", to = "hidden.up", during = "forward", init = { normal = 1.0 } }
)" + hidden_lines;
    const auto phases_of_noise = [&](const std::string& noise) {
        const Model model = small_model(gated + noise);
        std::vector<std::string> phases;
        for (const Operation& op : model.program.operations)
            if (op.kind == Kind::cellwise && op.asked_by.starts_with("noise"))
                phases.push_back(model.program.phase_names[op.phase.value]);
        return phases;
    };
    using Phases = std::vector<std::string>;
    CHECK(phases_of_noise("noise.n = { into = \"hidden.soma\", sd = 0.1 }\n") == Phases{"forward"});
    CHECK(phases_of_noise("noise.n = { into = \"hidden.r\", sd = 0.1 }\n") ==
          Phases{"forward", "update"});
    CHECK(phases_of_noise(
              "noise.n = { into = \"hidden.soma\", sd = 0.1, during = [\"forward\", \"update\"] "
              "}\n") == Phases{"forward", "update"});
}

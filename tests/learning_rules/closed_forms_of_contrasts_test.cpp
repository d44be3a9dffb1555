// Rules that take a free phase from a taught one come to their closed forms.
#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

namespace {

// Linear output cells that W drives, and in a second phase what teaches them; they hold what they
// fired in the first.
std::string one_layer(const std::string& rule, const std::string& more = "") {
    return R"(
phase = [{ name = "free", ms = 6.0 }, { name = "taught", ms = 4.0 }]
population.label.role = "label"
population.output.role = "output"
synapses.W = { from = "input", to = "output.soma", during = "free", init = { constant = 0.0 } }
synapses.teacher = { from = "label", to = "output.soma", during = "taught", init = { identity = 1.0 } }
dynamics.hold = { cells = "output", during = "free", when = "after firing", state = { free = "cell" }, equations = "free = r" }
plasticity.learning = { synapses = ["W"], now_pre = "input.r", free_post = "output.free", free_pre = "input.r", )" +
           rule + " }\n" + more;
}

const std::string nudged_output = R"toml(
dynamics.nudge = { cells = "output", during = "taught", parameters = { beta = 0.25 }, equations = "soma.v += (r - soma.v) / (1 + beta)" }
)toml";

// A linear hidden cell that W drives, which V reads and B tells of the output.
std::string two_layers(const std::string& rule, const std::string& more = "") {
    return R"(
phase = [{ name = "forward", ms = 4.0 }, { name = "free", ms = 3.0 }, { name = "taught", ms = 3.0 }]
population.label.role = "label"
population.hidden = { size = 1, activation = "linear" }
population.output.role = "output"
synapses.W = { from = "input", to = "hidden.soma", during = "forward", init = { constant = 0.0 }, again = [{ to = "hidden.soma", during = "free" }, { to = "hidden.soma", during = "taught" }] }
synapses.V = { from = "hidden", to = "output.soma", during = "forward", init = { constant = 0.0 } }
synapses.B = { from = "output", to = "hidden.soma", during = "free", init = { constant = 0.5 }, again = [{ to = "hidden.soma", during = "taught" }] }
synapses.teacher = { from = "label", to = "output.soma", during = "taught", init = { identity = 1.0 } }
dynamics.hold_output = { cells = "output", during = "forward", when = "after firing", state = { free = "cell" }, equations = "free = r" }
dynamics.hold_hidden = { cells = "hidden", during = "free", when = "after firing", state = { free = "cell" }, equations = "free = r" }
plasticity.first = { synapses = ["W"], now_pre = "input.r", free_post = "hidden.free", free_pre = "input.r", )" +
           rule + R"( }
plasticity.second = { synapses = ["V"], now_pre = "hidden.r", free_post = "output.free", free_pre = "hidden.free", )" +
           rule + " }\n" + more;
}

// W x = 0.6, V W x = 0.3, and the label 0.8: the hidden cell fires 0.6 + 0.5 * 0.3 = 0.75 freely.
constexpr double x_of_two = 0.5, y_of_two = 0.8, free_output = 0.3, free_hidden = 0.75;

void write_two_layers(SteppedModel& sim) {
    sim.write("W", row({1.2}));
    sim.write("V", row({0.5}));
}

}  // namespace

TEST_CASE("one layer that is clamped to its labels learns by the delta rule",
          "[rules][closed_form]") {
    SteppedModel sim(
        shown(one_layer("rule = \"contrastive\", rate = 0.1"), row({0.6, 0.8}), row({0.5})));
    for (int t = 0; t < 100; ++t) {
        sim.step();
        REQUIRE(sim.vector("output.free")[0] == near(0.5 * (1.0 - std::pow(0.9, t))));
        REQUIRE(sim.vector("output.r")[0] == near(0.5));
    }
}

TEST_CASE("contrastive Hebb takes the free product of both cells from the clamped one",
          "[rules][closed_form]") {
    SteppedModel sim(
        shown(two_layers("rule = \"contrastive\", rate = 0.1"), row({x_of_two}), row({y_of_two})));
    write_two_layers(sim);
    sim.step();
    const double clamped_hidden = 0.6 + 0.5 * y_of_two;
    CHECK(sim.vector("output.free")[0] == near(free_output));
    CHECK(sim.vector("hidden.free")[0] == near(free_hidden));
    CHECK(sim.matrix("V")(0, 0) ==
          near(0.5 + 0.1 * (y_of_two * clamped_hidden - free_output * free_hidden)));
    // Feedback brings B times the error.
    CHECK(sim.matrix("W")(0, 0) == near(1.2 + 0.1 * 0.5 * (y_of_two - free_output) * x_of_two));
}

TEST_CASE("equilibrium propagation of one layer descends the gradient, over 1 + beta",
          "[rules][closed_form]") {
    SteppedModel sim(shown(
        one_layer("rule = \"equilibrium_propagation\", rate = 0.1, beta = 0.25", nudged_output),
        row({0.6, 0.8}), row({0.5})));
    for (int t = 0; t < 100; ++t) {
        sim.step();
        const double free = 0.5 * (1.0 - std::pow(1.0 - 0.1 / 1.25, t));
        REQUIRE(sim.vector("output.free")[0] == near(free));
        REQUIRE(sim.vector("output.r")[0] == near((free + 0.25 * 0.5) / 1.25));
    }
}

TEST_CASE("equilibrium propagation of two layers divides what the nudge changes by beta",
          "[rules][closed_form]") {
    SteppedModel sim(shown(
        two_layers("rule = \"equilibrium_propagation\", rate = 0.1, beta = 0.25", nudged_output),
        row({x_of_two}), row({y_of_two})));
    write_two_layers(sim);
    sim.step();
    const double nudged = (free_output + 0.25 * y_of_two) / 1.25,
                 nudged_hidden = 0.6 + 0.5 * nudged;
    CHECK(sim.matrix("V")(0, 0) ==
          near(0.5 + 0.1 / 0.25 * (nudged * nudged_hidden - free_output * free_hidden)));
    CHECK(sim.matrix("W")(0, 0) ==
          near(1.2 + 0.1 * 0.5 * (y_of_two - free_output) / 1.25 * x_of_two));
}

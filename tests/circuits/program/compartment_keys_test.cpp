// Drives that last for a phase, impulses, rates that go back into dendrites, and numbers of each
// cell.
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string apical_lines = R"(
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 1.0 } }
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = 1.0 } }
synapses.A = { from = "one", to = "hidden.apical", during = "update", init = { normal = 1.0 } }
gate.apical = { opens = "hidden.apical", during = "update" }
)";

}  // namespace

TEST_CASE("a transient drive is silent in phases that transmit nothing", "[compartments]") {
    SteppedModel held(small_model(apical_lines + R"(
population.hidden = { size = 5, dendrites = ["apical"] }
)"));
    SteppedModel sim(small_model(apical_lines + R"(
population.hidden = { size = 5, dendrites = ["apical"], transient = ["apical"] }
)"));
    const Vector apical = sim.vector("A");
    for (int step = 0; step < 3; ++step) {
        sim.run_phase(0);
        held.run_phase(0);
        REQUIRE(sim.vector("hidden.apical.v") == Vector::Zero(5));
        REQUIRE(held.vector("hidden.apical.v") == (step == 0 ? Vector(Vector::Zero(5)) : apical));
        sim.run_phase(1);
        held.run_phase(1);
        REQUIRE(sim.vector("hidden.apical.v") == apical);
    }
    const std::vector<std::string> lines = listed(sim.model.program, "population.hidden");
    CHECK(std::count(lines.begin(), lines.end(), "assign hidden.apical.v = 0") == 1);
}

TEST_CASE("a slow transient compartment relaxes to nothing in silence", "[compartments]") {
    SteppedModel sim(small_model(apical_lines + R"(
population.hidden = { size = 5, dendrites = ["apical"], transient = ["apical"], tau_ms = { apical = 20.0 } }
)"));
    const Vector drive = sim.vector("A");
    Vector v = Vector::Zero(5);
    for (int step = 0; step < 5; ++step) {
        sim.run_phase(0);
        v *= std::exp(-6.0 / 20.0);
        REQUIRE(distance(sim.vector("hidden.apical.v"), v) <= 1e-15);
        sim.run_phase(1);
        v = drive + (v - drive) * std::exp(-4.0 / 20.0);
        REQUIRE(distance(sim.vector("hidden.apical.v"), v) <= 1e-15);
    }
}

TEST_CASE("an impulse is added to a voltage that decays", "[compartments]") {
    SteppedModel sim(small_model(hidden_lines + R"(
population.hidden = { size = 5, impulse = ["soma"], tau_ms = { soma = 20.0 } }
)"));
    Vector v = Vector::Zero(5);
    for (int step = 0; step < 10; ++step) {
        sim.step();
        // It arrives in the first phase, of 6 ms; in the second, of 4 ms, nothing does.
        v = std::exp(-6.0 / 20.0) * v + sim.matrix("W_in") * sim.vector("input.r");
        REQUIRE(distance(sim.vector("hidden.r"), Vector(v.array().tanh())) <= 1e-14);
        v *= std::exp(-4.0 / 20.0);
        REQUIRE(distance(sim.vector("hidden.soma.v"), v) <= 1e-14);
    }
}

TEST_CASE("a cell's last rate goes back into its dendrite", "[compartments]") {
    SteppedModel sim(small_model(apical_lines + R"(
population.hidden = { size = 5, dendrites = ["apical"], backpropagates = { apical = 0.5 } }
)"));
    double largest = 0.0;
    for (int step = 0; step < 5; ++step) {
        sim.step();  // its cells have fired in the first phase, and it is driven in the second
        const Vector last = (sim.matrix("W_in") * sim.vector("input.r")).array().tanh();
        largest = std::max(largest, last.cwiseAbs().maxCoeff());
        REQUIRE(distance(sim.vector("hidden.apical.v"), Vector(sim.vector("A") + 0.5 * last)) <=
                1e-15);
    }
    CHECK(largest > 0.1);
}

TEST_CASE("the listing says how much of its rate goes back into a dendrite", "[compartments]") {
    const Model model = small_model(apical_lines + R"(
population.hidden = { size = 5, dendrites = ["apical"], backpropagates = { apical = -0.5 } }
)");
    const std::vector<std::string> lines = listed(model.program, "population.hidden");
    CHECK(std::count(lines.begin(), lines.end(),
                     "transmit hidden.apical.v += -0.5 before(hidden.r) (one to one)") == 1);
}

TEST_CASE("a dendrite may be driven by its cell's own rate alone", "[compartments]") {
    SteppedModel sim(small_model(hidden_lines + R"(
population.hidden = { size = 5, dendrites = ["calcium"], backpropagates = { calcium = -2.0 }, tau_ms = { calcium = 50.0 } }
gate.calcium = { opens = "hidden.calcium", during = "update" }
)"));
    Vector last = Vector::Zero(5), v = Vector::Zero(5);
    for (int step = 0; step < 5; ++step) {
        sim.step();
        v = -2.0 * last + (v + 2.0 * last) * std::exp(-6.0 / 50.0);
        const Vector now = (sim.matrix("W_in") * sim.vector("input.r")).array().tanh();
        v = -2.0 * now + (v + 2.0 * now) * std::exp(-4.0 / 50.0);
        REQUIRE(distance(sim.vector("hidden.calcium.v"), v) <= 1e-14);
        last = sim.vector("hidden.r");
    }
}

TEST_CASE("a plateau is what equations keep of a dendrite", "[compartments]") {
    SteppedModel sim(small_model(apical_lines + R"(
population.hidden = { size = 5, dendrites = ["apical"] }
dynamics.plateau = { cells = "hidden", during = "update", state = { p = "cell" }, parameters = { decay = 0.5, theta = 0.2 }, equations = 'p = max(decay * p, step(apical.v - theta))' }
)"));
    const Vector apical = sim.vector("A");
    Vector p = Vector::Zero(5);
    for (int step = 0; step < 4; ++step) {
        sim.step();
        for (int i = 0; i < 5; ++i) p[i] = std::max(0.5 * p[i], apical[i] > 0.2 ? 1.0 : 0.0);
        REQUIRE(sim.vector("hidden.p") == p);
    }
}

TEST_CASE("a bias of each cell is added to what arrives", "[compartments]") {
    SteppedModel sim(small_model(hidden_lines + R"(
population.hidden = { size = 5, bias = { normal = 0.7 } }
)"));
    const Vector bias = sim.vector("hidden.bias");
    CHECK(bias.cwiseAbs().minCoeff() > 0.0);
    CHECK(bias.maxCoeff() != bias.minCoeff());
    for (int step = 0; step < 3; ++step) {
        sim.step();
        const Vector v = sim.matrix("W_in") * sim.vector("input.r") + bias;
        REQUIRE(distance(sim.vector("hidden.soma.v"), v) <= 1e-15);
        REQUIRE(distance(sim.vector("hidden.r"), Vector(v.array().tanh())) <= 1e-15);
        REQUIRE(sim.vector("hidden.bias") == bias);
    }
    SteppedModel again(small_model(hidden_lines + R"(
population.more = { size = 7, bias = 0.5 }
population.hidden = { size = 5, bias = { normal = 0.7 } }
synapses.M = { from = "input", to = "more.soma", during = "forward", init = { normal = 1.0 } }
)"));
    CHECK(again.vector("hidden.bias") == bias);  // a stream of its own
    CHECK(again.vector("more.bias") == Vector::Constant(7, 0.5));
}

TEST_CASE("each cell has a time constant of its own", "[compartments]") {
    SteppedModel sim(small_model(hidden_lines + R"(
population.hidden = { size = 5, tau_ms = { soma = { uniform = [10.0, 30.0] } } }
)"));
    const Vector tau = sim.vector("hidden.soma_tau_ms");
    CHECK(tau.minCoeff() >= 10.0);
    CHECK(tau.maxCoeff() <= 30.0);
    CHECK(tau.maxCoeff() > tau.minCoeff());
    Vector v = Vector::Zero(5);
    for (int step = 0; step < 10; ++step) {
        sim.step();
        const Vector drive = sim.matrix("W_in") * sim.vector("input.r");
        v = drive.array() + (v - drive).array() * (-10.0 / tau.array()).exp();
        REQUIRE(distance(sim.vector("hidden.soma.v"), v) <= 1e-14);
    }
}

TEST_CASE("impulses decay with each cell's own time constant", "[compartments]") {
    SteppedModel sim(small_model(hidden_lines + R"(
population.hidden = { size = 5, impulse = ["soma"], tau_ms = { soma = { lognormal = [20.0, 0.3] } } }
)"));
    const Vector tau = sim.vector("hidden.soma_tau_ms");
    Vector v = Vector::Zero(5);
    for (int step = 0; step < 5; ++step) {
        sim.step();
        const Vector arrived = sim.matrix("W_in") * sim.vector("input.r");
        v = v.array() * (-6.0 / tau.array()).exp() + arrived.array();
        v = v.array() * (-4.0 / tau.array()).exp();
        REQUIRE(distance(sim.vector("hidden.soma.v"), v) <= 1e-14);
    }
}

TEST_CASE("each cell has an alpha of its own", "[compartments]") {
    for (const char* activation : {"tanh", "logistic", "rectified", "linear"}) {
        INFO(activation);
        SteppedModel sim(
            small_model(hidden_lines + R"(
population.hidden = { size = 5, alpha = { uniform = [0.2, 0.8] } }
)",
                        {fmt::format("population.hidden.activation=\"{}\"", activation)}));
        const Vector alpha = sim.vector("hidden.alpha");
        CHECK(alpha.minCoeff() >= 0.2);
        CHECK(alpha.maxCoeff() <= 0.8);
        CHECK(alpha.maxCoeff() > alpha.minCoeff());
        const std::string phi = activation;
        Vector r = Vector::Zero(5);
        for (int step = 0; step < 6; ++step) {
            sim.step();
            const Eigen::ArrayXd v = (sim.matrix("W_in") * sim.vector("input.r")).array();
            const Vector to = phi == "tanh"       ? Vector(v.tanh())
                              : phi == "logistic" ? Vector(1.0 / (1.0 + (-v).exp()))
                              : phi == "linear"   ? Vector(v)
                                                  : Vector(v.max(0.0));
            r = r.array() + alpha.array() * (to - r).array();
            REQUIRE(distance(sim.vector("hidden.r"), r) <= 1e-14);
        }
    }
}

TEST_CASE("what needs one alpha refuses cells that have their own", "[compartments][bad]") {
    const std::string own = "population.hidden.alpha={ uniform = [0.2, 0.8] }";
    CHECK_THROWS_WITH(load_model(path_of_shipped("rtrl"), {own}),
                      Catch::Contains("rule \"rtrl\" needs cells of one alpha"));
    CHECK_THROWS_WITH(load_model(path_of_shipped("kernl"), {own}),
                      Catch::Contains("needs cells of one alpha"));
    CHECK_THROWS_WITH(load_model(path_of_shipped("dni"), {own}), Catch::Contains("of one alpha"));
    CHECK_THROWS_WITH(small_model(hidden_lines + R"(
population.hidden = { size = 5, alpha = { uniform = [0.2, 0.8] } }
rule.leaky = { equations = "w += 0.1 * post.alpha * post.r * pre.r" }
plasticity.in = { rule = "leaky", synapses = ["W_in"] }
)"),
                      Catch::Contains("\"post.alpha\" is one number for all cells"));
}

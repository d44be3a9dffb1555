// Somata that their dendrites move by conductances: u' = -leak u + sum of g gate (v - u).
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// Both dendrites are driven by constants in the phase "forward" and hold what arrived.
const std::string dendrites_lines = R"(
synapses.B = { from = "one", to = "hidden.basal", during = "forward", init = { normal = 1.0 } }
synapses.A = { from = "one", to = "hidden.apical", during = "forward", init = { normal = 1.0 } }
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = 1.0 } }
)";

std::string coupled(const std::string& coupling, const std::string& more = "") {
    return "population.hidden = { size = 5, alpha = 0.25, dendrites = [\"basal\", \"apical\"], " +
           more + "coupling = { " + coupling + " } }\n" + dendrites_lines;
}

std::vector<std::string> one_phase(double ms, const std::string& more = "") {
    return {fmt::format("phase=[{{ name = \"forward\", ms = {}{} }}]", ms, more)};
}

const std::string closed_form = R"(
population.hidden = { size = 1, dendrites = ["basal", "apical"], coupling = { leak = 0.1, basal = 1.0, apical = 0.8 } }
synapses.B = { from = "one", to = "hidden.basal", during = "forward", init = { constant = 1.0 } }
synapses.A = { from = "one", to = "hidden.apical", during = "forward", init = { constant = 0.5 } }
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = 1.0 } }
)";

// The exact solution after `ms`, from where the soma is.
Vector led(const Vector& u, const Vector& to, double all, double ms) {
    return to + (u - to) * std::exp(-all * ms);
}

}  // namespace

TEST_CASE("a soma goes to the mean of its dendrites weighed by conductances", "[coupling]") {
    SteppedModel sim(small_model(closed_form, one_phase(1.0)));
    sim.step();
    // (1 + 0.8 * 0.5) / 1.9 (1 - exp(-1.9))
    CHECK(std::abs(sim.vector("hidden.soma.v")[0] - 0.626633648993848) <= 1e-15);
    SteppedModel steady(small_model(closed_form, {"population.hidden.coupling.solver=\"steady\""}));
    steady.step();
    CHECK(std::abs(steady.vector("hidden.soma.v")[0] - 0.736842105263158) <= 1e-15);
}

TEST_CASE("a steady soma without a leak is the convex sum of its dendrites", "[coupling]") {
    const double share = 0.3;
    SteppedModel sim(small_model(
        coupled(fmt::format("basal = {}, apical = {}, solver = \"steady\"", 1.0 - share, share))));
    sim.step(3);
    const Vector expected = (1.0 - share) * sim.vector("B") + share * sim.vector("A");
    CHECK(distance(sim.vector("hidden.soma.v"), expected) <= 1e-15);
}

TEST_CASE("the exact solution of a coupled soma goes on through all phases", "[coupling]") {
    SteppedModel sim(small_model(coupled("leak = 0.03, basal = 0.1, apical = 0.06")));
    const double all = 0.03 + 0.1 + 0.06;
    const Vector to = (0.1 * sim.vector("B") + 0.06 * sim.vector("A")) / all;
    Vector rate = Vector::Zero(5);
    for (int step = 0; step < 12; ++step) {
        sim.run_phase(0);
        const Vector u = led(Vector::Zero(5), to, all, 10.0 * step + 6.0);
        REQUIRE(distance(sim.vector("hidden.soma.v"), u) <= 1e-14);
        rate = 0.75 * rate + 0.25 * Vector(u.array().tanh());
        REQUIRE(distance(sim.vector("hidden.r"), rate) <= 1e-14);
        sim.run_phase(1);  // time passes, and nothing new arrives
        REQUIRE(distance(sim.vector("hidden.soma.v"),
                         led(Vector::Zero(5), to, all, 10.0 * (step + 1))) <= 1e-14);
        REQUIRE(distance(sim.vector("hidden.r"), rate) <= 1e-14);
    }
}

TEST_CASE("Euler's step of a coupled soma follows what changes", "[coupling]") {
    SteppedModel sim(small_model(
        R"(
population.hidden = { size = 5, dendrites = ["basal", "apical"], coupling = { leak = 0.03, basal = 0.1, apical = 0.06, solver = "euler" } }
synapses.B = { from = "input", to = "hidden.basal", during = "forward", init = { normal = 1.0 } }
synapses.A = { from = "hidden", to = "hidden.apical", during = "forward", delay = 1, init = { normal = 0.5 } }
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = 1.0 } }
)",
        one_phase(0.5)));
    const double h = 0.5;
    Vector u = Vector::Zero(5), rate = Vector::Zero(5);
    for (int step = 0; step < 40; ++step) {
        const Vector apical = sim.matrix("A") * rate;
        sim.step();
        const Vector basal = sim.matrix("B") * sim.vector("input.r");
        u += h * (-0.03 * u + 0.1 * (basal - u) + 0.06 * (apical - u));
        rate = u.array().tanh();
        REQUIRE(distance(sim.vector("hidden.soma.v"), u) <= 1e-14);
        REQUIRE(distance(sim.vector("hidden.r"), rate) <= 1e-14);
    }
}

TEST_CASE("the exact solution of K iterations is that of K times the time", "[coupling]") {
    constexpr int iterations = 7;
    SteppedModel sim(small_model(closed_form, one_phase(0.2, ", repeat = 7")));
    sim.step();
    const double to = 1.4 / 1.9;
    CHECK(std::abs(sim.vector("hidden.soma.v")[0] -
                   to * (1.0 - std::exp(-1.9 * 0.2 * iterations))) <= 1e-15);
}

TEST_CASE("a gate takes its dendrite's conductance from the soma while it is shut", "[coupling]") {
    const std::string gate =
        "gate.disinhibition = { opens = \"hidden.apical\", during = \"update\" }\n";
    for (const char* solver : {"exact", "steady"}) {
        INFO(solver);
        SteppedModel sim(
            small_model(coupled(fmt::format(
                            "leak = 0.03, basal = 0.1, apical = 0.06, solver = \"{}\"", solver)) +
                        gate));
        const bool at_once = solver == std::string("steady");
        const Vector basal = sim.vector("B"), apical = sim.vector("A"), shut = 0.1 * basal / 0.13,
                     open = (0.1 * basal + 0.06 * apical) / 0.19;
        Vector u = Vector::Zero(5);
        for (int step = 0; step < 5; ++step) {
            sim.run_phase(0);
            u = at_once ? shut : led(u, shut, 0.13, 6.0);
            REQUIRE(distance(sim.vector("hidden.soma.v"), u) <= 1e-14);
            sim.run_phase(1);
            u = at_once ? open : led(u, open, 0.19, 4.0);
            REQUIRE(distance(sim.vector("hidden.soma.v"), u) <= 1e-14);
        }
    }
}

TEST_CASE("a soma that nothing leads anywhere stays where it is", "[coupling]") {
    SteppedModel sim(small_model(coupled("basal = 0.1, apical = 0.06") +
                                 "gate.b = { opens = \"hidden.basal\", during = \"forward\" }\n"
                                 "gate.a = { opens = \"hidden.apical\", during = \"forward\" }\n"));
    sim.run_phase(0);
    const Vector u = sim.vector("hidden.soma.v");
    REQUIRE(u.cwiseAbs().minCoeff() > 0.0);
    sim.run_phase(1);
    CHECK(distance(sim.vector("hidden.soma.v"), u) <= 1e-15);
}

TEST_CASE("coupled cells fire one rate whatever is open", "[coupling]") {
    SteppedModel sim(small_model(
        coupled("leak = 0.03, basal = 0.1, apical = 0.06", "") +
        "gate.disinhibition = { opens = \"hidden.apical\", during = \"update\" }\n"
        "synapses.U = { from = \"one\", to = \"hidden.apical\", during = \"update\", init = { "
        "constant = 0.5 } }\n"));
    CHECK_FALSE(sim.model.program.find("hidden.apical.r"));
    sim.run_phase(0);
    const Vector first = 0.25 * sim.vector("hidden.soma.v").array().tanh();
    CHECK(distance(sim.vector("hidden.r"), first) <= 1e-15);
    sim.run_phase(1);
    const Vector second = 0.75 * first + 0.25 * Vector(sim.vector("hidden.soma.v").array().tanh());
    CHECK(distance(sim.vector("hidden.r"), second) <= 1e-15);
}

TEST_CASE("equations inside cells add to a coupled soma before it fires", "[coupling]") {
    SteppedModel sim(small_model(
        coupled("leak = 0.5, basal = 0.5, apical = 0.5", "") +
            "dynamics.hidden = { cells = \"hidden\", during = \"forward\", equations = \"soma.v += "
            "0.125\" }\n",
        one_phase(1.0)));
    const Vector to = (sim.vector("B") + sim.vector("A")) / 3.0;
    sim.step();
    const Vector u = led(Vector::Zero(5), to, 1.5, 1.0).array() + 0.125;
    CHECK(distance(sim.vector("hidden.soma.v"), u) <= 1e-15);
    CHECK(distance(sim.vector("hidden.r"), Vector(0.25 * u.array().tanh())) <= 1e-15);
    sim.step();
    CHECK(distance(sim.vector("hidden.soma.v"), Vector(led(u, to, 1.5, 1.0).array() + 0.125)) <=
          1e-15);
}

TEST_CASE("the listing says what leads a soma", "[coupling]") {
    const auto lines = [](const std::string& solver) {
        const Model model = small_model(
            coupled("leak = 0.03, basal = 0.1, apical = 0.06, solver = \"" + solver + '"') +
            "gate.disinhibition = { opens = \"hidden.apical\", during = \"update\" }\n");
        std::vector<std::string> relaxed;
        for (const std::string& line : listed(model.program, "population.hidden"))
            if (line.starts_with("relax")) relaxed.push_back(line);
        return relaxed;
    };
    const std::string led =
        "relax hidden.soma.v = couple(0.1 hidden.basal.v + 0.06 gate.disinhibition "
        "hidden.apical.v, leak 0.03, ";
    CHECK(lines("exact") == std::vector<std::string>{led + "6 ms)", led + "4 ms)"});
    CHECK(lines("steady") == std::vector<std::string>{led + "at once)", led + "at once)"});
    CHECK(lines("euler").front() == led + "Euler's step of 6 ms)");
}

TEST_CASE("a dendrite's share leaves its teacher out", "[coupling]") {
    const Model model = small_model(R"(
population.hidden = { size = 5, dendrites = ["basal", "apical", "teacher"], coupling = { leak = 0.03, basal = 0.1, apical = 0.06, teacher = 0.8 } }
synapses.B = { from = "one", to = "hidden.basal", during = "forward", init = { normal = 1.0 } }
synapses.A = { from = "one", to = "hidden.apical", during = "forward", init = { normal = 1.0 } }
synapses.T = { from = "one", to = "hidden.teacher", during = "forward", init = { normal = 1.0 } }
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = 1.0 } }
)");
    const Circuit& circuit = model.circuit;
    CHECK(circuit.share(circuit.find_compartment("hidden.basal")) == 0.1 / 0.19);
    CHECK(circuit.share(circuit.find_compartment("hidden.apical")) == 0.06 / 0.19);
}

TEST_CASE("a rule predicts a rate from its dendrite's share of the soma", "[coupling][rule]") {
    SteppedModel sim(small_model(
        R"(
population.hidden = { size = 5, activation = "logistic", dendrites = ["basal", "apical"], coupling = { leak = 0.03, basal = 0.1, apical = 0.06 } }
synapses.B = { from = "input", to = "hidden.basal", during = "forward", init = { normal = 1.0 } }
synapses.A = { from = "label", to = "hidden.apical", during = "forward", init = { normal = 1.0 } }
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = 1.0 } }
rule.predict = { equations = "w += 0.1 * (post.r - phi(post.here.share * post.here.v)) * pre.r" }
plasticity.both = { rule = "predict", synapses = ["B"] }
plasticity.apical = { rule = "predict", synapses = ["A"] }
)"));
    const auto logistic = [](const Vector& v) { return Vector(1.0 / (1.0 + (-v.array()).exp())); };
    for (int step = 0; step < 5; ++step) {
        const Matrix before_b = sim.matrix("B"), before_a = sim.matrix("A");
        sim.step();
        const Vector x = sim.vector("input.r"), y = sim.vector("label.r");
        const Vector rate = sim.vector("hidden.r"), basal = before_b * x, apical = before_a * y;
        const Matrix b = before_b + 0.1 * (rate - logistic(0.1 / 0.19 * basal)) * x.transpose(),
                     a = before_a + 0.1 * (rate - logistic(0.06 / 0.19 * apical)) * y.transpose();
        REQUIRE(distance(sim.matrix("B"), b) <= 1e-14);
        REQUIRE(distance(sim.matrix("A"), a) <= 1e-14);
    }
}

TEST_CASE("a model without coupling has no share", "[coupling][bad]") {
    CHECK_THROWS_WITH(small_model(hidden_lines + R"(
population.hidden = { size = 5 }
rule.predict = { equations = "w += 0.1 * (post.r - phi(post.here.share * post.here.v)) * pre.r" }
plasticity.in = { rule = "predict", synapses = ["W_in"] }
)"),
                      Catch::Contains("no conductance couples \"hidden.soma\""));
}

// What a circuit computes without learning: which voltage gathers what, and which rate a population
// fires in which phase.
#include "circuits/program/forward_pass.hpp"

#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

constexpr double tolerance = 1e-14;

Vector tanh_of(const Vector& v) { return v.array().tanh(); }

// Hidden cells with a soma and two dendrites, all driven in the phase "forward".
const std::string driven = hidden_lines + R"(
population.hidden = { size = 5, alpha = 0.25, dendrites = ["apical", "basal"], init = { normal = 1.0 } }
synapses.A = { from = "input", to = "hidden.apical", during = "forward", init = { normal = 1.0 } }
synapses.B = { from = "one", to = "hidden.basal", during = "forward", init = { normal = 1.0 } }
)";

std::string gate(const std::string& compartment, const std::string& phases) {
    return fmt::format("gate.of_{0} = {{ opens = \"hidden.{0}\", during = [{1}] }}\n", compartment,
                       phases);
}

const std::string forward = "\"forward\"", update = "\"update\"";

// Only the soma ever drives firing.
const std::string shut_dendrites = driven + gate("apical", "") + gate("basal", "");

// The voltages that the input makes.
struct Voltages {
    explicit Voltages(const SteppedModel& sim)
        : soma(sim.matrix("W_in") * sim.vector("input.r")),
          apical(sim.matrix("A") * sim.vector("input.r")),
          basal(sim.vector("B")) {}
    Vector soma, apical, basal;
};

}  // namespace

TEST_CASE("a voltage is the sum over all synapse sets that end on its compartment", "[forward]") {
    SteppedModel sim(small_model(hidden_lines + R"(
population.hidden = { size = 5, init = { normal = 1.0 } }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 1.0 } }
synapses.b = { from = "one", to = "hidden.soma", during = "forward", init = { normal = 1.0 } }
)"));
    for (int step = 0; step < 3; ++step) {
        const Vector before = sim.vector("hidden.r");
        sim.step();
        const Vector v = sim.matrix("W_rec") * before + sim.matrix("W_in") * sim.vector("input.r") +
                         sim.vector("b");
        REQUIRE(distance(sim.vector("hidden.soma.v"), v) <= tolerance);
        REQUIRE(distance(sim.vector("output.soma.v"), sim.matrix("W_out") * tanh_of(v)) <=
                tolerance);
    }
}

TEST_CASE("the first step's delayed synapses carry the initial rates", "[forward]") {
    SteppedModel sim(small_model(hidden_lines + R"(
population.hidden = { size = 5, init = { activated_normal = 1.0 } }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 1.0 } }
)"));
    const Vector initial = sim.vector("hidden.r");
    REQUIRE(initial.norm() > 0.1);
    sim.step();
    const Vector v = sim.matrix("W_rec") * initial + sim.matrix("W_in") * sim.vector("input.r");
    REQUIRE(distance(sim.vector("hidden.soma.v"), v) <= tolerance);
}

TEST_CASE("a set in reverse carries rates through its transpose", "[forward]") {
    SteppedModel sim(
        small_model(hidden_lines + R"(
population.hidden = { size = 5, dendrites = ["feedback"] }
population.error.role = "error"
plasticity.recurrent = { rule = "dendritic", synapses = ["W_in"], credit = "hidden.feedback", rate = 0.0 }
)",
                    {"synapses.W_out.back={ from = \"error\", to = \"hidden.feedback\", "
                     "during = \"update\" }"}));
    sim.step();
    const Vector expected = sim.matrix("W_out").transpose() * sim.vector("error.r");
    REQUIRE(expected.norm() > 0.1);
    REQUIRE(distance(sim.vector("hidden.feedback.v"), expected) <= tolerance);
}

TEST_CASE("a set can carry a voltage back, which no axon does", "[forward]") {
    SteppedModel sim(small_model(shut_dendrites + R"(
synapses.J = { from = "hidden", to = "hidden.soma", init = { normal = 1.0 }, back = { from = "hidden.apical", to = "hidden.basal", during = "update" } }
)"));
    sim.run_phase(0);
    sim.run_phase(1);
    REQUIRE(distance(sim.vector("hidden.basal.v"),
                     sim.matrix("J").transpose() * Voltages(sim).apical) <= tolerance);
}

TEST_CASE("a set without a use of its own transmits nothing in its direction", "[forward]") {
    const std::string unused = R"(
synapses.J = { from = "hidden", to = "hidden.soma", init = { normal = 1.0 }, back = { from = "hidden.apical", to = "hidden.basal", during = "update" } }
)";
    SteppedModel with(small_model(shut_dendrites + unused)), without(small_model(shut_dendrites));
    with.step(3);
    without.step(3);
    REQUIRE(with.vector("hidden.soma.v") == without.vector("hidden.soma.v"));
}

TEST_CASE("error cells fire output minus label", "[forward]") {
    for (const char* phase : {"forward", "update"}) {
        SteppedModel sim(small_model(shut_dendrites +
                                     fmt::format("population.error = {{ role = \"error\", during = "
                                                 "\"{}\" }}\n",
                                                 phase)));
        sim.step(3);
        const Vector error = sim.vector("output.r") - sim.vector("label.r");
        REQUIRE(error.norm() > 0.0);
        REQUIRE(sim.vector("error.r") == error);
    }
}

TEST_CASE("a soma integrates with alpha", "[forward]") {
    SteppedModel sim(small_model(shut_dendrites));
    for (int step = 0; step < 3; ++step) {
        const Vector before = sim.vector("hidden.r");
        sim.step();
        const Vector expected = 0.75 * before + 0.25 * tanh_of(Voltages(sim).soma);
        REQUIRE(distance(sim.vector("hidden.r"), expected) <= tolerance);
    }
}

TEST_CASE("a dendrite alone fires at once, and the soma holds its rate meanwhile", "[forward]") {
    SteppedModel sim(
        small_model(driven + gate("soma", forward) + gate("apical", update) + gate("basal", update),
                    {"gate.of_basal.during=[]"}));
    sim.run_phase(0);
    const Vector held = sim.vector("hidden.r");
    sim.run_phase(1);
    REQUIRE(sim.vector("hidden.r") == held);
    REQUIRE(distance(sim.vector("hidden.apical.r"), tanh_of(Voltages(sim).apical)) <= tolerance);
}

TEST_CASE("two dendrites without the soma fire the activation of their sum", "[forward]") {
    SteppedModel sim(small_model(driven + gate("soma", forward) + gate("apical", update) +
                                 gate("basal", update)));
    sim.step();
    const Voltages v(sim);
    REQUIRE(distance(sim.vector("hidden.apical+basal.r"), tanh_of(v.apical + v.basal)) <=
            tolerance);
}

TEST_CASE("soma and dendrite open together integrate the activation of their sum", "[forward]") {
    SteppedModel sim(small_model(driven + gate("apical", forward) + gate("basal", update)));
    const Vector before = sim.vector("hidden.r");
    sim.run_phase(0);
    const Voltages v(sim);
    REQUIRE(distance(sim.vector("hidden.r"), 0.75 * before + 0.25 * tanh_of(v.soma + v.apical)) <=
            tolerance);
}

TEST_CASE("an interneuron's number weights the compartment that it gates", "[forward]") {
    SteppedModel sim(small_model(driven + gate("apical", forward) + gate("basal", update)));
    const Vector before = sim.vector("hidden.r");
    sim.plan.run_gates(0);
    sim.write("gate.of_apical", Matrix::Constant(1, 1, 0.3));
    sim.plan.run_phase(0, 1);
    const Voltages v(sim);
    REQUIRE(distance(sim.vector("hidden.r"),
                     0.75 * before + 0.25 * tanh_of(v.soma + 0.3 * v.apical)) <= tolerance);
}

TEST_CASE("gates are one while open and zero while closed", "[forward]") {
    SteppedModel sim(small_model(driven + gate("soma", forward) + gate("apical", update) +
                                 gate("basal", forward + ", " + update)));
    const auto states = [&] {
        return std::vector<double>{sim.vector("gate.of_soma")(0), sim.vector("gate.of_apical")(0),
                                   sim.vector("gate.of_basal")(0)};
    };
    sim.run_phase(0);
    REQUIRE(states() == std::vector<double>{1.0, 0.0, 1.0});
    sim.run_phase(1);
    REQUIRE(states() == std::vector<double>{0.0, 1.0, 1.0});
}

TEST_CASE("a soma that nothing drives in a phase holds its rate", "[forward]") {
    SteppedModel sim(small_model(driven + gate("apical", forward) + gate("basal", forward)));
    sim.run_phase(0);
    const Vector held = sim.vector("hidden.r");
    sim.run_phase(1);
    REQUIRE(sim.vector("hidden.r") == held);
}

TEST_CASE("cells with every gate closed cannot transmit", "[forward]") {
    rejects_text(common_lines + driven + gate("soma", forward) + gate("apical", forward) +
                     gate("basal", forward) + R"(
synapses.late = { from = "hidden", to = @"output.soma", during = "update", init = { normal = 1.0 } }
)",
                 {"\"late\" carry the rate of \"hidden\" in phase \"update\"", "no gate"});
}

TEST_CASE("each activation fires its function of the voltage", "[forward]") {
    const auto rate = [](const std::string& name) {
        SteppedModel sim(small_model(shut_dendrites, {"population.hidden.activation=" + name,
                                                      "population.hidden.alpha=1.0"}));
        sim.step();
        return std::pair(sim.vector("hidden.r"), Voltages(sim).soma);
    };
    const auto [linear, v] = rate("linear");
    REQUIRE(distance(linear, v) <= tolerance);
    REQUIRE(distance(rate("tanh").first, tanh_of(v)) <= tolerance);
    REQUIRE(distance(rate("rectified").first, v.cwiseMax(0.0)) <= tolerance);
    const Vector logistic = 1.0 / (1.0 + (-v.array()).exp());
    REQUIRE(distance(rate("logistic").first, logistic) <= tolerance);
}

TEST_CASE("the output is linear or softmax, as the task asks", "[forward]") {
    SteppedModel linear(small_model(shut_dendrites));
    linear.step();
    REQUIRE(linear.vector("output.r") == linear.vector("output.soma.v"));
    SteppedModel softmax(small_model(shut_dendrites, {"task={ kind = \"add\", lags = [1, 2] }"}));
    softmax.step();
    const Vector exponential = softmax.vector("output.soma.v").array().exp();
    REQUIRE(distance(softmax.vector("output.r"), exponential / exponential.sum()) <= tolerance);
}

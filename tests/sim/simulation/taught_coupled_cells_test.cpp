// Teachers of cells whose dendrites move the soma by conductances: the exact solution of
// u' = -leak u + sum of g (v - u), with and without the teacher.
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// Two cells as the label has, which the input drives by a dendrite in both phases.
const std::string taught_cells = R"(
population.out = { size = 2, activation = "logistic", dendrites = ["basal"], coupling = { leak = 0.03, basal = 0.1 } }
synapses.W = { from = "input", to = "out.basal", during = ["forward", "update"], init = { normal = 1.0 } }
synapses.W_out = { from = "out", to = "output.soma", during = "forward", init = { normal = 1.0 } }
)";

std::string taught(const std::string& as) {
    return taught_cells + "teach.x = { cells = \"out\", from = \"label\", during = \"update\", " +
           as + " }\n";
}

// Where conductances of this sum lead the potential in `ms`.
Vector led(const Vector& u, const Vector& to, double sum, double ms) {
    return to + (u - to) * std::exp(-sum * ms);
}

Vector logistic(const Vector& u) { return 1.0 / (1.0 + (-u.array()).exp()); }

Vector drive(const SteppedModel& sim) { return sim.matrix("W") * sim.vector("input.r"); }

}  // namespace

TEST_CASE("a teaching conductance leads the soma while its phase lasts", "[teach][coupling]") {
    SteppedModel sim(small_model(taught("as = \"conductance\", strength = 0.06")));
    Vector u = Vector::Zero(2);
    for (int step = 0; step < 5; ++step) {
        sim.step();
        const Vector v = drive(sim);
        u = led(u, 0.1 * v / 0.13, 0.13, 6.0);
        u = led(u, (0.1 * v + 0.06 * sim.vector("label.r")) / 0.19, 0.19, 4.0);
        REQUIRE(distance(sim.vector("out.soma.v"), u) < 1e-14);
        REQUIRE(distance(sim.vector("out.r"), logistic(u)) < 1e-14);
        REQUIRE(distance(sim.vector("out.teacher.v"), sim.vector("label.r")) == 0.0);
    }
}

TEST_CASE("a model with a teaching conductance is resolved to itself", "[teach][coupling]") {
    const Model model = small_model(taught("as = \"conductance\", strength = 0.06"));
    REQUIRE(model.resolved.find("teacher") == std::string::npos);
    REQUIRE(listing(model_of_text(model.resolved).program) == listing(model.program));
    REQUIRE(listed(model.program, "teach.x") ==
            std::vector<std::string>{"transmit out.teacher.v = label.r (one to one)"});
}

TEST_CASE("a clamped coupled soma has the target's potential, and goes on from it",
          "[teach][coupling]") {
    SteppedModel sim(small_model(taught("as = \"clamp\"")));
    Vector u = Vector::Zero(2);
    for (int step = 0; step < 4; ++step) {
        sim.run_phase(0);
        u = led(u, 0.1 * drive(sim) / 0.13, 0.13, 6.0);
        REQUIRE(distance(sim.vector("out.soma.v"), u) < 1e-14);
        sim.run_phase(1);
        u = sim.vector("label.r");
        REQUIRE(distance(sim.vector("out.soma.v"), u) == 0.0);
        REQUIRE(distance(sim.vector("out.r"), logistic(u)) < 1e-15);
    }
}

TEST_CASE("a clamp alone makes coupled cells fire", "[teach][coupling]") {
    std::string text = taught("as = \"clamp\"");
    const std::string both = "during = [\"forward\", \"update\"]";
    text.replace(text.find(both), both.size(), "during = \"forward\"");
    SteppedModel sim(small_model(text));
    sim.step();
    REQUIRE(distance(sim.vector("out.r"), logistic(sim.vector("label.r"))) < 1e-15);
}

TEST_CASE("a nudge of coupled cells arrives at the dendrite that drives them",
          "[teach][coupling]") {
    SteppedModel sim(small_model(taught("as = \"nudge\", strength = 0.5")));
    Vector u = Vector::Zero(2);
    for (int step = 0; step < 4; ++step) {
        sim.step();
        const Vector v = drive(sim);
        u = led(u, 0.1 * v / 0.13, 0.13, 6.0);
        const Vector nudged = v + 0.5 * (sim.vector("label.r") - logistic(u));
        u = led(u, 0.1 * nudged / 0.13, 0.13, 4.0);
        REQUIRE(distance(sim.vector("out.basal.v"), nudged) < 1e-14);
        REQUIRE(distance(sim.vector("out.soma.v"), u) < 1e-14);
    }
}

TEST_CASE("coupled cells fire also in the phases of their own during", "[coupling]") {
    const std::string sets = R"(
synapses.W = { from = "input", to = "out.basal", during = "forward", init = { normal = 1.0 } }
synapses.W_out = { from = "out", to = "output.soma", during = "forward", init = { normal = 1.0 } }
)";
    const auto rate = [&](const std::string& during) {
        SteppedModel sim(small_model(sets +
                                     "population.out = { size = 2, activation = \"logistic\", "
                                     "dendrites = [\"basal\"], coupling = { leak = 0.03, basal = "
                                     "0.1 }" +
                                     during + " }\n"));
        sim.step();
        const Vector to = 0.1 * drive(sim) / 0.13;
        return std::pair(sim.vector("out.r"), to);
    };
    const auto [once, to] = rate("");
    REQUIRE(distance(once, logistic(led(Vector::Zero(2), to, 0.13, 6.0))) < 1e-14);
    const auto [twice, same] = rate(", during = \"update\"");
    REQUIRE(distance(twice, logistic(led(Vector::Zero(2), same, 0.13, 10.0))) < 1e-14);
}

// Compartments with a time constant: v(t) = I + (v0 - I) exp(-t / tau) while the drive I stands.
#include <filesystem>
#include <set>

#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

constexpr double forward_ms = 6.0, both_ms = 10.0;

// A bias drives the soma, so that the drive is the same in every step.
const std::string constant_drive = R"(
population.hidden = { size = 5, alpha = 0.5, tau_ms = { soma = 8.0 } }
synapses.b = { from = "one", to = "hidden.soma", during = "forward", init = { normal = 1.0 } }
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = 1.0 } }
)";

Vector relaxed(const Vector& drive, const Vector& start, double ms, double tau) {
    return drive + (start - drive) * std::exp(-ms / tau);
}

}  // namespace

TEST_CASE("a slow voltage follows the exact solution over phases and steps", "[tau]") {
    for (const double tau : {0.5, 8.0, 300.0}) {
        INFO("tau " << tau);
        SteppedModel sim(
            small_model(constant_drive, {fmt::format("population.hidden.tau_ms.soma={}", tau)}));
        const Vector drive = sim.vector("b"), start = Vector::LinSpaced(5, -2.0, 2.0);
        sim.write("hidden.soma.v", start);
        for (int step = 0; step < 20; ++step) {
            sim.run_phase(0);
            REQUIRE(distance(sim.vector("hidden.soma.v"),
                             relaxed(drive, start, step * both_ms + forward_ms, tau)) <= 1e-13);
            sim.run_phase(1);
            REQUIRE(distance(sim.vector("hidden.soma.v"),
                             relaxed(drive, start, (step + 1) * both_ms, tau)) <= 1e-13);
        }
    }
}

TEST_CASE("a slow voltage starts at rest and is the same however a step is divided into phases",
          "[tau]") {
    SteppedModel two(small_model(constant_drive)), four(small_model(constant_drive, {R"(phase=[
        { name = "forward", ms = 1.0 }, { name = "update", ms = 2.5 }, { name = "third", ms = 0.5 },
        { name = "fourth", ms = 6.0 }])"}));
    two.step(7);
    four.step(7);
    const Vector expected = relaxed(two.vector("b"), Vector::Zero(5), 7 * both_ms, 8.0);
    REQUIRE(distance(two.vector("hidden.soma.v"), expected) <= 1e-13);
    REQUIRE(distance(four.vector("hidden.soma.v"), expected) <= 1e-13);
}

TEST_CASE("a changing drive moves a slow voltage from where it stands", "[tau]") {
    SteppedModel sim(small_model(hidden_lines + R"(
population.hidden = { size = 5, tau_ms = { soma = 8.0 } }
)"));
    Vector v = Vector::Zero(5);
    for (int step = 0; step < 10; ++step) {
        sim.step();
        const Vector drive = sim.matrix("W_in") * sim.vector("input.r");
        REQUIRE(distance(sim.vector("hidden.soma.drive"), drive) <= 1e-14);
        v = relaxed(drive, v, both_ms, 8.0);
        REQUIRE(distance(sim.vector("hidden.soma.v"), v) <= 1e-13);
    }
}

TEST_CASE("the rate follows the slow voltage when something new arrives", "[tau]") {
    SteppedModel sim(small_model(constant_drive));
    sim.run_phase(0);
    const Vector v = relaxed(sim.vector("b"), Vector::Zero(5), forward_ms, 8.0),
                 rate = 0.5 * v.array().tanh();
    REQUIRE(distance(sim.vector("hidden.r"), rate) <= 1e-13);
    sim.run_phase(1);
    REQUIRE(distance(sim.vector("hidden.r"), rate) <= 1e-13);
}

TEST_CASE("a dendrite that is driven in the second phase relaxes in the first as well", "[tau]") {
    SteppedModel sim(small_model(hidden_lines + R"(
population.hidden = { size = 5, dendrites = ["apical"], tau_ms = { apical = 20.0 } }
gate.g = { opens = "hidden.apical", during = "update" }
synapses.A = { from = "one", to = "hidden.apical", during = "update", init = { normal = 1.0 } }
)"));
    const Vector drive = sim.vector("A");
    sim.run_phase(0);
    REQUIRE(sim.vector("hidden.apical.v") == Vector::Zero(5));
    sim.run_phase(1);
    REQUIRE(distance(sim.vector("hidden.apical.v"), relaxed(drive, Vector::Zero(5), 4.0, 20.0)) <=
            1e-13);
    sim.run_phase(0);
    REQUIRE(distance(sim.vector("hidden.apical.v"),
                     relaxed(drive, Vector::Zero(5), both_ms, 20.0)) <= 1e-13);
}

// Rules that need the derivative of the rates reject a slow soma.
bool has_exact_influence(const std::string& path) {
    const std::string name = std::filesystem::path(path).stem().string();
    return std::set<std::string>{"rtrl", "bptt", "bptt_window", "uoro", "kf_rtrl", "r_kf"}.contains(
        name);
}

TEST_CASE("with a vanishing time constant every model is what it is without", "[tau]") {
    for (const std::string& path : shipped_models()) {
        INFO(path);
        const std::vector<std::string> small = {"population.hidden.size=9"};
        std::vector<std::string> fast = small;
        const Circuit circuit = load_model(path, small).circuit;
        for (std::size_t i = 0; i < circuit.compartments.size(); ++i) {
            const CompartmentId c(i);
            const Population& cells = circuit[circuit[c].population];
            const bool exact = circuit.is_soma(c) && has_exact_influence(path);
            if (cells.role != Role::cells || exact) continue;
            fast.push_back(
                fmt::format("population.{}.tau_ms.{}=0.01", cells.name, circuit[c].name));
        }
        SteppedModel at_once(load_model(path, small)), relaxing(load_model(path, fast));
        at_once.step(50);
        relaxing.step(50);
        for (const Slot& slot : at_once.model.program.slots) {
            INFO(slot.name);
            REQUIRE(distance(relaxing.matrix(slot.name), at_once.matrix(slot.name)) <= 1e-12);
        }
    }
}

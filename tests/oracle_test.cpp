// Whole networks: fifty steps of shipped models beside their equations (sim/algebra).
#include "sim/algebra/dni.hpp"
#include "sim/algebra/dni_b.hpp"
#include "sim/algebra/fixed_w.hpp"
#include "sim/algebra/rflo.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

constexpr double tolerance = 1e-12;
constexpr int steps = 50, n = 12;

const algebra::Settings settings{.alpha = 0.5, .rate = 1e-3, .rate_out = 1e-3};

// Several sets of synapses beside each other, as the equations have them.
Matrix beside(const Simulation& sim, const std::vector<std::string>& sets) {
    Matrix all = sim.matrix(sets[0]);
    for (std::size_t i = 1; i < sets.size(); ++i) {
        const Matrix left = all, right = sim.matrix(sets[i]);
        all.resize(left.rows(), left.cols() + right.cols());
        all << left, right;
    }
    return all;
}

Matrix joined_W(const Simulation& sim) { return beside(sim, {"W_rec", "W_in", "b"}); }
Matrix joined_W_out(const Simulation& sim) { return beside(sim, {"W_out", "b_out"}); }
Matrix joined_A(const Simulation& sim) { return beside(sim, {"A_r", "A_y", "A_1"}); }

algebra::Start start(const Simulation& sim) {
    return {.W = joined_W(sim), .W_out = joined_W_out(sim), .r = sim.vector("hidden.r")};
}
algebra::Start start_with_feedback(const Simulation& sim) {
    algebra::Start all = start(sim);
    all.B_fb = sim.matrix("B_fb");
    return all;
}

void same(const std::string& quantity, const Matrix& found, const Matrix& expected) {
    INFO(quantity);
    REQUIRE(distance(found, expected) <= tolerance);
}
void same(const Simulation& sim, const std::string& address, const Matrix& expected) {
    same(address, sim.matrix(address), expected);
}

void compare_network(const Simulation& sim, const algebra::Network& network) {
    same(sim, "hidden.soma.v", network.v);
    same(sim, "hidden.r", network.r);
    same(sim, "output.soma.v", network.z);
    same(sim, "output.r", network.y);
    same(sim, "loss", Vector::Constant(1, network.loss));
    same("W", joined_W(sim), network.W);
    same("W_out", joined_W_out(sim), network.W_out);
}

struct FixedW : algebra::FixedW {
    explicit FixedW(const Simulation& sim) : algebra::FixedW(settings, start(sim)) {}
    void compare(const Simulation& sim) const { compare_network(sim, *this); }
};

struct Rflo : algebra::Rflo {
    explicit Rflo(const Simulation& sim) : algebra::Rflo(settings, start_with_feedback(sim)) {}

    void compare(const Simulation& sim) const {
        compare_network(sim, *this);
        same(sim, "error.r", e);
        same(sim, "hidden.feedback.v", c_bar);
        same("B", beside(sim, {"eligibility(W_rec)", "eligibility(W_in)", "eligibility(b)"}), B);
    }
};

struct HeldDniB : algebra::DniB {
    explicit HeldDniB(const Simulation& sim)
        : algebra::DniB(settings, start_with_feedback(sim), joined_A(sim), sim.matrix("J"),
                        {.rate_A = 1e-2, .rate_J = 1e-3}) {}

    void compare(const Simulation& sim) const {
        compare_network(sim, *this);
        same(sim, "hidden.apical.v", u);
        same(sim, "hidden.apical.r", bootstrap);
        same(sim, "hidden.feedback.v", c_bar);
        same("A", joined_A(sim), A);
        same(sim, "J", J);
    }
};

struct Dni : algebra::Dni {
    explicit Dni(const Simulation& sim)
        : algebra::Dni(settings, start(sim), joined_A(sim), {.rate_A = 1e-2}) {}

    void compare(const Simulation& sim) const {
        compare_network(sim, *this);
        same(sim, "hidden.credit.v", u);
        same(sim, "hidden.feedback.v", c_bar);
        same("A", joined_A(sim), A);
    }
};

Model shipped(const std::string& name, std::int64_t seed = 1) {
    return load_model(path_of_shipped(name), {fmt::format("population.hidden.size={}", n),
                                              fmt::format("run.seed={}", seed)});
}

template <class Equations>
void follows(const std::string& name) {
    for (const std::int64_t seed : {1, 2}) {
        Simulation sim(shipped(name, seed));
        Equations equations(sim);
        for (int step = 1; step <= steps; ++step) {
            sim.step();
            INFO("step " << step << " of " << name << ", seed " << seed);
            equations.step(sim.vector("input.r"), sim.vector("label.r"));
            equations.compare(sim);
        }
    }
}

}  // namespace

TEST_CASE("fixed W is its equations", "[oracle]") { follows<FixedW>("fixed_w"); }

TEST_CASE("RFLO is its equations", "[oracle]") { follows<Rflo>("rflo"); }

TEST_CASE("held DNI(b) is its equations", "[oracle]") { follows<HeldDniB>("dni_b"); }

TEST_CASE("DNI with the exact Jacobian is its equations", "[oracle]") { follows<Dni>("dni"); }

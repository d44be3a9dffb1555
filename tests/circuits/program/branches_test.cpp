// Dendrites that are coupled to dendrites: trees of branches, which conductances lead.
#include <Eigen/Eigenvalues>
#include <Eigen/LU>

#include "circuits/program/cable.hpp"
#include "sim/verify/text_rules.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// A cell whose tips hold what constants bring; `coupling` is how they hang together.
std::string tree(const std::string& dendrites, const std::string& coupling,
                 const std::string& synapses, double ms = 2.0) {
    return fmt::format(R"(
format = 1
phase = [{{ name = "step", ms = {} }}]
run = {{ steps = 1_000, seed = 1 }}
population.one.role = "constant"
population.input.role = "input"
task = {{ kind = "mimic", inputs = 3, outputs = 2, cells = 5, hold = 1 }}
population.cell = {{ size = 3, dendrites = [{}], coupling = {{ {} }} }}
)",
                       ms, dendrites, coupling) +
           synapses;
}

std::string from_one(const std::string& name, const std::string& to, double strength) {
    return fmt::format(
        "synapses.{} = {{ from = \"one\", to = \"cell.{}\", during = \"step\", init "
        "= {{ constant = {} }} }}\n",
        name, to, strength);
}

// soma - apical - tip
std::string two(const std::string& solver, double ms = 2.0) {
    return tree("\"apical\", \"tip\"",
                "leak = 0.05, apical = { conductance = 0.2, leak = 0.03 }, tip = { to = "
                "\"apical\", conductance = 0.3 }, solver = \"" +
                    solver + "\"",
                from_one("T", "tip", 0.8), ms);
}

// soma - a - b - tip, and basal on the soma
std::string three(const std::string& solver, double ms = 2.0) {
    return tree("\"basal\", \"a\", \"b\", \"tip\"",
                "leak = 0.05, basal = 0.1, a = { conductance = 0.2, leak = 0.03 }, b = { to = "
                "\"a\", conductance = 0.15, leak = 0.01 }, tip = { to = \"b\", conductance = 0.3 "
                "}, solver = \"" +
                    solver + "\"",
                from_one("T", "tip", 0.8) + from_one("B", "basal", -0.4), ms);
}

// u' = -A u + b of the two circuits, soma first.
struct Linear {
    Eigen::MatrixXd A;
    Vector b;
    Vector exact(const Vector& u, double ms) const {
        const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> of(A);
        const Vector to = A.fullPivLu().solve(b);
        const Vector left = (-ms * of.eigenvalues().array()).exp();
        return to +
               of.eigenvectors() * left.asDiagonal() * of.eigenvectors().transpose() * (u - to);
    }
};

Linear chain_of_two() {
    Linear one{Eigen::MatrixXd(2, 2), Vector(2)};
    one.A << 0.05 + 0.2, -0.2, -0.2, 0.03 + 0.2 + 0.3;
    one.b << 0.0, 0.3 * 0.8;
    return one;
}

Linear chain_of_three() {
    Linear one{Eigen::MatrixXd(3, 3), Vector(3)};
    one.A << 0.05 + 0.1 + 0.2, -0.2, 0.0,  //
        -0.2, 0.03 + 0.2 + 0.15, -0.15,    //
        0.0, -0.15, 0.01 + 0.15 + 0.3;
    one.b << 0.1 * -0.4, 0.0, 0.3 * 0.8;
    return one;
}

Vector potentials(SteppedModel& sim, const std::vector<std::string>& of) {
    Vector all(static_cast<Eigen::Index>(of.size()));
    for (std::size_t k = 0; k < of.size(); ++k)
        all[static_cast<Eigen::Index>(k)] = sim.vector("cell." + of[k] + ".v")[0];
    return all;
}

const std::vector<std::string> of_two = {"soma", "apical"}, of_three = {"soma", "a", "b"};

}  // namespace

TEST_CASE("the exact solution of a tree is the matrix exponential", "[coupling][tree]") {
    for (const bool long_one : {false, true}) {
        INFO((long_one ? "three potentials" : "two potentials"));
        SteppedModel sim(model_of_text(long_one ? three("exact") : two("exact")));
        const Linear form = long_one ? chain_of_three() : chain_of_two();
        Vector u = Vector::Zero(form.b.size());
        for (int step = 0; step < 40; ++step) {
            sim.step();
            u = form.exact(u, 2.0);
            REQUIRE(distance(potentials(sim, long_one ? of_three : of_two), u) <= 1e-14);
        }
        CHECK(u[0] > 0.02);
    }
}

TEST_CASE("the steady potentials of a tree solve the linear system", "[coupling][tree]") {
    for (const bool long_one : {false, true}) {
        SteppedModel sim(model_of_text(long_one ? three("steady") : two("steady")));
        sim.step();
        const Linear form = long_one ? chain_of_three() : chain_of_two();
        CHECK(distance(potentials(sim, long_one ? of_three : of_two),
                       Vector(form.A.fullPivLu().solve(form.b))) <= 1e-15);
    }
}

TEST_CASE("Euler's step of a tree is of what all potentials were", "[coupling][tree]") {
    SteppedModel sim(model_of_text(three("euler", 0.5)));
    const Linear form = chain_of_three();
    Vector u = Vector::Zero(3);
    for (int step = 0; step < 50; ++step) {
        sim.step();
        u += 0.5 * (form.b - form.A * u);
        REQUIRE(distance(potentials(sim, of_three), u) <= 1e-14);
    }
}

// A cable of N equal pieces with the tip held at V: u_k = V cosh(lambda k') / cosh(...), of the
// difference equation g (u_{k+1} - 2 u_k + u_{k-1}) = leak u_k, 2 cosh(lambda) = 2 + leak / g.
TEST_CASE("a sealed cable is steady by a hyperbolic cosine", "[coupling][tree]") {
    const double leak = 0.02, g = 0.25, held = 1.5;
    SteppedModel sim(model_of_text(tree(
        "\"d1\", \"d2\", \"d3\", \"d4\", \"tip\"",
        "leak = 0.02, d1 = { conductance = 0.25, leak = 0.02 }, d2 = { to = \"d1\", conductance = "
        "0.25, leak = 0.02 }, d3 = { to = \"d2\", conductance = 0.25, leak = 0.02 }, d4 = { to = "
        "\"d3\", conductance = 0.25, leak = 0.02 }, tip = { to = \"d4\", conductance = 0.25 }, "
        "solver = \"steady\"",
        from_one("T", "tip", held))));
    sim.step();
    const double lambda = std::acosh(1.0 + leak / (2.0 * g));
    const std::vector<std::string> names = {"soma", "d1", "d2", "d3", "d4", "tip"};
    for (std::size_t k = 0; k < names.size(); ++k) {
        INFO(names[k]);
        const double form = held * std::cosh(lambda * (double(k) + 0.5)) / std::cosh(lambda * 5.5);
        CHECK(sim.vector("cell." + names[k] + ".v")[0] == Approx(form).epsilon(0).margin(1e-14));
    }
}

namespace {

// Synapses bring conductances of both signs to one branch.
std::string shunted(const std::string& solver, double ms = 2.0) {
    return tree("\"basal\", \"apical\", \"exc\", \"inh\"",
                "leak = 0.05, basal = 0.1, apical = { conductance = 0.2, leak = 0.02 }, exc = { to "
                "= \"apical\", reversal = 1.0 }, inh = { to = \"apical\", reversal = -0.5, "
                "conductance = 0.5 }, solver = \"" +
                    solver + "\"",
                from_one("B", "basal", 0.4) + R"(
synapses.E = { from = "input", to = "cell.exc", during = "step", init = { uniform = 0.6 } }
synapses.I = { from = "input", to = "cell.inh", during = "step", init = { uniform = 0.6 } }
)",
                ms);
}

}  // namespace

TEST_CASE("conductances of both signs lead a branch and the soma behind it", "[coupling][tree]") {
    for (const std::string solver : {"steady", "euler"}) {
        INFO(solver);
        const double ms = 0.2;
        SteppedModel sim(model_of_text(shunted(solver, ms)));
        Matrix u = Matrix::Zero(3, 2);
        double most = 0.0, least = 1.0;
        for (int step = 0; step < 30; ++step) {
            sim.step();
            const Vector x = sim.vector("input.r");
            const Vector e = (sim.matrix("E") * x).cwiseMax(0.0),
                         i = 0.5 * (sim.matrix("I") * x).cwiseMax(0.0);
            for (int cell = 0; cell < 3; ++cell) {
                Eigen::Matrix2d A;
                A << 0.05 + 0.1 + 0.2, -0.2, -0.2, 0.02 + 0.2 + e[cell] + i[cell];
                const Eigen::Vector2d b(0.1 * 0.4, e[cell] * 1.0 + i[cell] * -0.5);
                const Eigen::Vector2d was = u.row(cell);
                u.row(cell) = solver == "steady" ? Eigen::Vector2d(A.inverse() * b)
                                                 : Eigen::Vector2d(was + ms * (b - A * was));
                most = std::max(most, e[cell]);
                least = std::min(least, e[cell]);
            }
            REQUIRE(distance(sim.vector("cell.soma.v"), Vector(u.col(0))) <= 1e-14);
            REQUIRE(distance(sim.vector("cell.apical.v"), Vector(u.col(1))) <= 1e-14);
        }
        CHECK(most > 0.1);
        CHECK(least == 0.0);
    }
}

TEST_CASE("a gate shuts a branch off from its soma both ways", "[coupling][tree]") {
    SteppedModel sim(model_of_text(two("steady") + R"(
gate.shut = { opens = "cell.apical", during = "step" }
event.shut = { at = 2, gate = "shut", to = 0.0 }
)"));
    sim.step();
    const Linear form = chain_of_two();
    CHECK(distance(potentials(sim, of_two), Vector(form.A.fullPivLu().solve(form.b))) <= 1e-15);
    sim.step();
    CHECK(sim.vector("cell.soma.v")[0] == 0.0);
    CHECK(sim.vector("cell.apical.v")[0] == Approx(0.3 * 0.8 / 0.33).epsilon(0).margin(1e-15));
}

TEST_CASE("a rule reads a branch's conductance and where it leads", "[coupling][tree][rules]") {
    for (const std::string solver : {"steady", "euler"}) {
        for (const std::string branch : {"apical", "here"}) {
            INFO(solver << " " << branch);
            const Model model = model_of_text(
                shunted(solver, 0.2) +
                fmt::format("rule.shunt.equations = \"w += 0.01 * (post.{0}.drive - post.apical.v) "
                            "/ (1 + 2.0 * step_ms * post.{0}.conductance) * pre.r\"\nplasticity.E "
                            "= {{ rule = \"shunt\", synapses = [\"E\"] }}\n",
                            branch));
            SteppedModel sim(model_of_text(
                shunted(solver, 0.2) +
                fmt::format("rule.shunt.equations = \"w += 0.01 * (post.{0}.drive - post.apical.v) "
                            "/ (1 + 2.0 * step_ms * post.{0}.conductance) * pre.r\"\nplasticity.E "
                            "= {{ rule = \"shunt\", synapses = [\"E\"] }}\n",
                            branch)));
            for (int step = 0; step < 10; ++step) {
                const Matrix before = sim.matrix("E");
                sim.step();
                const Vector x = sim.vector("input.r");
                const Vector e = (before * x).cwiseMax(0.0),
                             i = 0.5 * (sim.matrix("I") * x).cwiseMax(0.0);
                const Vector all = Vector((e + i).array() + 0.02);
                const Vector drive = (e - 0.5 * i).cwiseQuotient(all);
                const Vector factor =
                    (drive - sim.vector("cell.apical.v")).array() / (1.0 + 0.4 * all.array());
                REQUIRE(distance(sim.matrix("E"), Matrix(before + 0.01 * factor * x.transpose())) <=
                        1e-14);
            }
            CHECK(verify_text_rules(model, 30, 1e-12).hold());
        }
    }
}

TEST_CASE("a soma's conductance is what leads it, of one level and of a tree",
          "[coupling][tree][rules]") {
    SteppedModel sim(model_of_text(three("steady") + R"(
synapses.X = { from = "input", to = "cell.basal", during = "step", init = { constant = 0.0 } }
rule.read.equations = "w += (post.soma.conductance * step_ms + post.soma.drive) * pre.r"
plasticity.X = { rule = "read", synapses = ["X"] }
)"));
    sim.step();
    const double b = 0.01 + 0.3, to_a = 0.15 * b / (0.15 + b), a = 0.03 + to_a,
                 to_soma = 0.2 * a / (0.2 + a), all = 0.05 + 0.1 + to_soma, led_b = 0.3 * 0.8 / b,
                 led_a = to_a * led_b / a, drive = (0.1 * -0.4 + to_soma * led_a) / all;
    CHECK(distance(sim.matrix("X"), Matrix(Vector::Constant(3, 2.0 * all + drive) *
                                           sim.vector("input.r").transpose())) <= 1e-14);
}

TEST_CASE("a cable that nothing leaks from or leads keeps the sum of its potentials",
          "[coupling][tree]") {
    const auto left = propagated({{0.0, 0.0, 0.0}, {{0, 3.0, 1}, {1, 0.5, 2}}, {}}, 1.7);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(left[i][0] + left[i][1] + left[i][2] == Approx(1.0).epsilon(0).margin(1e-14));
        for (std::size_t k = 0; k < 3; ++k) CHECK(left[i][k] == Approx(left[k][i]).margin(1e-15));
    }
    const auto held = propagated({{0.0}, {}, {{0, 0.4, 0}}}, 3.0);
    CHECK(held[0][0] == Approx(std::exp(-1.2)).epsilon(0).margin(1e-15));
    CHECK(held[0][1] == Approx(1.0 - std::exp(-1.2)).epsilon(0).margin(1e-15));
}

TEST_CASE("noise into a branch is felt by what it is coupled to in the next step",
          "[coupling][tree]") {
    SteppedModel sim(
        model_of_text(two("euler", 0.5) + "noise.n = { into = \"cell.apical\", sd = 0.3 }\n"));
    const Linear form = chain_of_two();
    for (int step = 0; step < 10; ++step) {
        const Vector was = potentials(sim, of_two);
        sim.step();
        const Vector led = was + 0.5 * (form.b - form.A * was);
        CHECK(sim.vector("cell.soma.v")[0] == Approx(led[0]).epsilon(0).margin(1e-15));
        CHECK(sim.vector("cell.apical.v")[0] ==
              Approx(led[1] + sim.vector("noise.n")[0]).epsilon(0).margin(1e-15));
    }
}

TEST_CASE("trees that cannot be are told at their places", "[coupling][tree][error]") {
    const auto is_refused = [](const std::string& dendrites, const std::string& coupling,
                               const std::string& synapses, const std::string& why) {
        CHECK_THROWS_WITH(model_of_text(tree(dendrites, coupling, synapses)), Catch::Contains(why));
    };
    const std::string both = "\"a\", \"b\"", tip = from_one("T", "b", 1.0);
    is_refused(both, "a = 0.1, b = { to = \"c\", conductance = 0.1 }", tip,
               "there is no dendrite \"c\"");
    is_refused(both, "b = { to = \"a\", conductance = 0.1 }", tip,
               "which nothing couples to the soma");
    is_refused(both, "a = { to = \"b\", conductance = 0.1 }, b = { to = \"a\", conductance = 0.1 }",
               tip, "leads back to itself");
    is_refused(both, "a = 0.1, b = { to = \"a\" }", tip, "needs the key \"conductance\"");
    is_refused(both, "a = 0.1, b = { to = \"a\", conductance = 0.1, leak = 0.1 }", tip,
               "no dendrite is coupled to it");
    is_refused(both, "a = { reversal = 1.0 }, b = { to = \"a\", conductance = 0.1 }", tip,
               "others are coupled to it");
    is_refused(both, "a = { reversal = 1.0, conductance = 0.1 }, b = 0.1, leak = { to = \"a\" }",
               tip, "expected a conductance");
    is_refused(both, "a = 0.1, b = { to = \"a\", conductance = 0.1, revesal = 1.0 }", tip,
               "Did you mean \"reversal\"");
    is_refused(both, "a = 0.1, b = { to = \"a\", conductance = 0.1 }",
               tip + from_one("A", "a", 1.0), "follows what is coupled to it");
    is_refused(both, "a = 0.1, b = { to = \"a\", reversal = 1.0 }, solver = \"steady\"", tip,
               "nothing surely leads \"cell.a\" anywhere");
    is_refused(both, "a = { conductance = 0.1, leak = 0.1 }, b = { to = \"a\", reversal = 1.0 }",
               tip, "the exact solution is of constant conductances alone");
    is_refused(both, "a = 0.1, b = { to = \"a\", conductance = 3.0 }, solver = \"euler\"", tip,
               "Euler's step leads \"cell.a\" beyond");
}

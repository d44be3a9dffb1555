// FORCE has the strengths of least squares, step by step.
#include <Eigen/Cholesky>

#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

namespace {

// Linear outputs that the input drives through W, taught by their labels.
std::string taught_by_force(const std::string& keys) {
    return R"(
phase = [{ name = "forward", ms = 6.0 }, { name = "update", ms = 4.0 }]
population.label.role = "label"
population.output.role = "output"
population.error = { role = "error", during = "update" }
synapses.W = { from = "input", to = "output.soma", during = "forward", init = { constant = 0.0 } }
plasticity.learning = { rule = "force", synapses = ["W"])" +
           keys + " }\n";
}

}  // namespace

TEST_CASE("FORCE solves the normal equations of all that it has seen",
          "[rules][closed_form][pairs]") {
    constexpr int steps = 50, outputs = 2;
    for (const int inputs : {1, 5, 33}) {
        const Matrix x = drawn_rows(steps, inputs, "test/force/x"),
                     y = drawn_rows(steps, outputs, "test/force/y");
        for (const double alpha : {1.0, 4.0}) {
            INFO(inputs << " inputs, alpha " << alpha);
            const std::string keys = alpha == 1.0 ? "" : ", alpha = 4.0";
            SteppedModel sim(shown(taught_by_force(keys), x, y));
            // (sum x x' + alpha I) W' = sum x y', and P is alpha times the inverse of A.
            Matrix A = alpha * Matrix::Identity(inputs, inputs);
            Matrix b = Matrix::Zero(inputs, outputs);
            for (int t = 0; t < steps; ++t) {
                sim.step();
                A += x.row(t).transpose() * x.row(t);
                b += x.row(t).transpose() * y.row(t);
                const Matrix W = sim.matrix("W"), P = sim.matrix("learning.P(W)");
                REQUIRE(distance(W, Matrix(A.ldlt().solve(b).transpose())) <= form_tolerance);
                REQUIRE(distance(Matrix(A * W.transpose()), b) <= form_tolerance);
                REQUIRE(distance(Matrix(P * A / alpha), Matrix::Identity(inputs, inputs)) <=
                        form_tolerance);
            }
        }
    }
}

TEST_CASE("the error that FORCE leaves of an input is c times what it was",
          "[rules][closed_form][pairs]") {
    SteppedModel sim(shown(taught_by_force(", alpha = 0.5"), row({0.6, 0.8}), row({0.5})));
    // |x| = 1: x' P x is 1 / (alpha + t) before the change of step t + 1.
    double error = -0.5;
    for (int t = 0; t < 100; ++t) {
        sim.step();
        const double c = (0.5 + t) / (1.5 + t);
        REQUIRE(sim.vector("error.r")[0] == near(error));
        REQUIRE(sim.vector("learning.c")[0] == near(c));
        error *= c;
    }
}

TEST_CASE("FORCE is taught by a signal of the cells when the model names one", "[rules][pairs]") {
    std::string lines = taught_through_B("rule = \"force\", error = \"cell.feedback\"");
    SteppedModel sim(shown(lines, row({0.6, 0.8}), row({0.5})));
    sim.write("V", row({1.0}));
    sim.write("B", row({2.0}));
    sim.step();
    // c = 1 / 2, k = x, the error 2 (0 - 0.5).
    CHECK(distance(sim.matrix("W"), row({0.3, 0.4})) <= form_tolerance);
}

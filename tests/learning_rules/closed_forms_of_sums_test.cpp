// Rules that sum up over a cell's own synapses come to their closed forms.
#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

namespace {

// A rule of the model's own, which learns W.
std::string rule_with_sums(const std::string& equations) {
    return driven_by_W("rule = \"mine\", rate = 0.01") +
           "rule.mine = { parameters = { rate = 1.0 }, equations = \"" + equations + "\" }\n";
}

}  // namespace

// Strengths near (S / X) x under a constant input x, where S and X are the sums of both. With w =
// (S / X) x + d and y = d x + S |x|^2 / X, the change is d <- d (1 - rate y X / S).
TEST_CASE("normalised Hebb shares out a cell's sum of strengths as its inputs are",
          "[rules][closed_form]") {
    SteppedModel sim(shown(driven_by_W("rule = \"normalised_hebb\", rate = 0.1"), row({0.6, 0.8})));
    sim.write("W", row({0.9, 0.1}));
    const double X = 1.4, at_rest = 1.0 / X;
    double along_x = 0.9 * 0.6 + 0.1 * 0.8 - at_rest;
    for (int t = 0; t < 200; ++t) {
        sim.step();
        const double y = along_x + at_rest;
        REQUIRE(sim.vector("cell.r")[0] == near(y));
        REQUIRE(sim.matrix("W").sum() == near(1.0));
        along_x *= 1.0 - 0.1 * y * X;
    }
    CHECK(distance(sim.matrix("W"), row({3.0 / 7.0, 4.0 / 7.0})) <= 1e-7);
}

// <x x^T> = [[0.5, 0.25], [0.25, 0.25]] of these two: its largest eigenvector has the golden ratio.
TEST_CASE("normalised Hebb turns to the largest eigenvector of its inputs",
          "[rules][closed_form]") {
    Matrix x(2, 2);
    x << 1.0, 0.5, 0.0, 0.5;
    SteppedModel sim(shown(driven_by_W("rule = \"normalised_hebb\", rate = 0.001"), x));
    sim.write("W", row({0.2, 0.8}));
    sim.step(60'000);
    const Matrix W = sim.matrix("W");
    CHECK(W(0, 1) / W(0, 0) == Approx((std::sqrt(5.0) - 1.0) / 2.0).margin(1e-4));
    CHECK(W.sum() == Approx(1.0).margin(1e-11));
}

TEST_CASE("the cells of the model of normalised Hebb keep their sums and find what varies most",
          "[rules][closed_form]") {
    SteppedModel sim(load_model(path_of_shipped("rules/normalised_hebb")));
    const Matrix sums = sim.matrix("W").rowwise().sum();
    REQUIRE(sums.minCoeff() > 0.5);
    sim.step(20'000);
    const Matrix W = sim.matrix("W");
    CHECK(distance(Matrix(W.rowwise().sum()), sums) <= 1e-11);
    for (Eigen::Index i = 0; i < W.rows(); ++i)
        CHECK(W.row(i).sum() / (std::sqrt(32.0) * W.row(i).norm()) > 0.99);
}

// The change is along x - m, m the mean of x, so that y grows by 1 + rate x (x - m) in a step.
TEST_CASE("subtractive normalisation takes the same from each synapse", "[rules][closed_form]") {
    SteppedModel sim(
        shown(rule_with_sums("w += rate * post.r * (pre.r - gather(pre.r) / gather(1))"),
              row({0.6, 0.8, 0.1})));
    sim.write("W", row({0.5, 0.25, 0.25}));
    double y = 0.525, changed = 0.0;
    for (int t = 0; t < 100; ++t) {
        sim.step();
        REQUIRE(sim.vector("cell.r")[0] == near(y));
        changed += 0.01 * y;
        y *= 1.0 + 0.01 * (1.01 - 0.75);
        const Matrix expected = row({0.5, 0.25, 0.25}) + changed * row({0.1, 0.3, -0.4});
        REQUIRE(distance(sim.matrix("W"), expected) <= form_tolerance);
    }
    CHECK(sim.matrix("W").sum() == near(1.0));
}

TEST_CASE("a sum over synapses is of the strengths before their change", "[rules][closed_form]") {
    SteppedModel sim(shown(rule_with_sums("w = w / gather(abs(w)) + rate"), row({0.0, 0.0})));
    Matrix W = row({3.0, -1.0});
    sim.write("W", W);
    for (int t = 0; t < 5; ++t) {
        sim.step();
        W = (W / W.cwiseAbs().sum()).array() + 0.01;
        REQUIRE(distance(sim.matrix("W"), W) <= form_tolerance);
    }
}

TEST_CASE("a norm is brought to its goal by the sum of squares", "[rules][closed_form]") {
    SteppedModel sim(shown(rule_with_sums("w += rate * (1 - gather(w^2)) * w"), row({1.0, 0.0})));
    sim.write("W", row({0.3, 0.4}));
    double norm = 0.5;
    for (int t = 0; t < 1000; ++t) {
        sim.step();
        norm *= 1.0 + 0.01 * (1.0 - norm * norm);
        REQUIRE(sim.matrix("W").norm() == near(norm));
        REQUIRE(sim.matrix("W")(0, 1) / sim.matrix("W")(0, 0) == near(4.0 / 3.0));
    }
    CHECK(norm == Approx(1.0).margin(1e-6));
}

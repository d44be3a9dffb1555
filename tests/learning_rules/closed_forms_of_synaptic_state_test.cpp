// Rules that keep numbers of their own at each synapse come to their closed forms.
#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

TEST_CASE("RMSprop changes synapses of any gradient by one size, of its sign",
          "[rules][closed_form]") {
    constexpr double rate = 1e-3, keep = 0.9, floor = 1e-12;
    SteppedModel sim(shown(taught_through_B("rule = \"rmsprop_like\", credit = \"cell.feedback\", "
                                            "rate = 1e-3, keep = 0.9, floor = 1e-12"),
                           row({0.5, -0.02}), row({1.0})));
    sim.write("B", row({-0.7}));  // V = 0: the error is -1, and the credit 0.7
    const double gradient[] = {0.7 * 0.5, 0.7 * -0.02};
    double expected[] = {0.0, 0.0};
    for (int t = 1; t <= 500; ++t) {
        sim.step();
        for (int j = 0; j < 2; ++j) {
            // The mean of a constant square is gradient^2 (1 - keep^t).
            const double root = std::abs(gradient[j]) * std::sqrt(1.0 - std::pow(keep, t));
            expected[j] -= rate * gradient[j] / (root + floor);
            REQUIRE(sim.matrix("W")(0, j) == near(expected[j]));
        }
    }
    const Matrix before = sim.matrix("W");
    sim.step();
    CHECK(sim.matrix("W")(0, 0) - before(0, 0) == near(-rate));
    CHECK(sim.matrix("W")(0, 1) - before(0, 1) == near(rate));
}

TEST_CASE("a strength and its tag meet where the tag's share of their sum says",
          "[rules][closed_form]") {
    constexpr double pull = 0.01, follow = 0.002, to_tag = pull * (1.0 - follow);
    SteppedModel sim(shown(beside_W("rule = \"metaplasticity\", rate = 0.0"), row({1.0})));
    sim.write("W", row({1.0}));
    // The distance falls by (1 - pull) (1 - follow) a step; follow w + to_tag d stays.
    const double end = follow / (to_tag + follow), falls = (1.0 - pull) * (1.0 - follow);
    for (int t = 1; t <= 5'000; ++t) {
        sim.step();
        const double apart = std::pow(falls, t);
        REQUIRE(sim.matrix("W")(0, 0) == near(end + (1.0 - end) * apart));
        REQUIRE(sim.matrix("tag(W)")(0, 0) == near(end - end * apart));
    }
    CHECK(sim.matrix("W")(0, 0) == near(0.166944908180301));
}

TEST_CASE("constant rates move a strength and its tag together, apart by what pulls them",
          "[rules][closed_form]") {
    constexpr double pull = 0.01, follow = 0.002, to_tag = pull * (1.0 - follow);
    SteppedModel sim(shown(beside_W("rule = \"metaplasticity\", rate = 0.1"), row({0.5})));
    sim.write("W_in", row({0.4}));  // y = 0.2
    const double drive = 0.1 * 0.2 * 0.5, falls = (1.0 - pull) * (1.0 - follow);
    for (int t = 1; t <= 500; ++t) {
        sim.step();
        const double apart = drive * (1.0 - std::pow(falls, t)) / (1.0 - falls),
                     sum = follow * drive * t;  // follow w + to_tag d
        REQUIRE(sim.matrix("W")(0, 0) == near((sum + to_tag * apart) / (to_tag + follow)));
        REQUIRE(sim.matrix("tag(W)")(0, 0) == near((sum - follow * apart) / (to_tag + follow)));
    }
}

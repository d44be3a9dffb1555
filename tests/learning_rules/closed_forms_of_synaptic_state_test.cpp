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

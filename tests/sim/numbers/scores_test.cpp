// Errors of choices, correlations and standard errors, against what they are by their definition.
#include "sim/numbers/scores.hpp"

#include <Eigen/Core>
#include <catch2/catch.hpp>

#include "sim/numbers/batch_means.hpp"
#include "sim/numbers/random.hpp"

using namespace apical;

namespace {

double pearson(const Eigen::ArrayXd& a, const Eigen::ArrayXd& b) {
    const Eigen::ArrayXd x = a - a.mean(), y = b - b.mean();
    return (x * y).sum() / std::sqrt((x * x).sum() * (y * y).sum());
}

}  // namespace

TEST_CASE("choices are counted by label and choice, and ties are errors", "[scores]") {
    Choices choices(3);
    const auto add = [&](std::vector<double> judged, std::vector<double> label) {
        choices.add(judged, label);
    };
    add({2.0, 1.0, -1.0}, {1.0, 0.0, 0.0});  // right
    add({0.0, 1.0, -1.0}, {1.0, 0.0, 0.0});  // 1 in place of 0
    add({0.0, 1.0, -1.0}, {0.2, 0.7, 0.1});  // right
    add({0.5, 0.5, -1.0}, {0.0, 1.0, 0.0});  // a tie
    add({0.0, 0.0, 3.0}, {0.0, 0.0, 1.0});   // right: the others may be as large as each other
    add({0.0, 0.0, 3.0}, {0.0, 0.0, 0.0});   // no label
    add({0.0, 0.0, 3.0}, {0.4, 0.4, 0.2});   // nor here
    CHECK(choices.counted() == 5);
    const std::int64_t expected[3][3] = {{1, 1, 0}, {0, 1, 0}, {0, 0, 1}};
    for (std::size_t label = 0; label < 3; ++label) {
        for (std::size_t choice = 0; choice < 3; ++choice)
            CHECK(choices.confusion(label, choice) == expected[label][choice]);
        CHECK(choices.ties(label) == (label == 1 ? 1 : 0));
    }
    CHECK(choices.error() == 0.4);
    CHECK(choices.standard_error() == Approx(std::sqrt(0.4 * 0.6 / 5.0)).epsilon(1e-15));
    CHECK(choices.chance() == 0.6);  // labels 2, 2, 1
}

TEST_CASE("nothing is known of choices without a label", "[scores]") {
    Choices choices(2);
    choices.add(std::vector{1.0, 0.0}, std::vector{0.5, 0.5});
    CHECK(choices.counted() == 0);
    CHECK(std::isnan(choices.error()));
    CHECK(std::isnan(choices.chance()));
}

TEST_CASE("mean squares and correlations are those of their definition", "[scores]") {
    constexpr int steps = 500;
    const Stream draws(3, "test");
    Eigen::ArrayXXd judged(steps, 2), label(steps, 2);
    Nearness nearness(2);
    for (int t = 0; t < steps; ++t) {
        for (int k = 0; k < 2; ++k) {
            const auto step = static_cast<std::uint64_t>(t), index = static_cast<std::uint64_t>(k);
            label(t, k) = 1e3 + draws.normal(step, index);
            judged(t, k) = 5.0 - 0.3 * k * label(t, k) + draws.normal(step, 10 + index);
        }
        nearness.add(std::vector{judged(t, 0), judged(t, 1)},
                     std::vector{label(t, 0), label(t, 1)});
    }
    for (int k = 0; k < 2; ++k) {
        const auto output = static_cast<std::size_t>(k);
        const double squares = (judged.col(k) - label.col(k)).square().mean();
        CHECK(nearness.mean_square(output) == Approx(squares).epsilon(1e-12));
        CHECK(nearness.correlation(output) ==
              Approx(pearson(judged.col(k), label.col(k))).margin(1e-11));
    }
}

TEST_CASE("an output that does not change has no correlation", "[scores]") {
    Nearness nearness(1);
    for (const double label : {1.0, -1.0, 1.0}) nearness.add(std::vector{0.5}, std::vector{label});
    CHECK(std::isnan(nearness.correlation(0)));
    CHECK(nearness.mean_square(0) == Approx((0.25 + 2.25 + 0.25) / 3.0).epsilon(1e-15));
}

TEST_CASE("the standard error of a mean is that of the means of 20 stretches", "[scores]") {
    constexpr int steps = 1000;
    const Stream draws(5, "test");
    BatchMeans means(steps);
    Eigen::ArrayXd all(steps);
    for (int t = 0; t < steps; ++t) {
        all(t) = draws.uniform(static_cast<std::uint64_t>(t), 0) + 0.001 * t;
        means.add(t, all(t));
    }
    const Eigen::ArrayXd stretches = all.reshaped(steps / 20, 20).colwise().mean();
    const double squares = (stretches - stretches.mean()).square().sum();
    CHECK(means.count() == steps);
    CHECK(means.result().mean == Approx(all.mean()).epsilon(1e-13));
    CHECK(means.result().error == Approx(std::sqrt(squares / 19.0 / 20.0)).epsilon(1e-12));
}

TEST_CASE("fewer than 20 steps are a stretch each, and one alone has no standard error",
          "[scores]") {
    BatchMeans three(3);
    for (int t = 0; t < 3; ++t) three.add(t, t == 2 ? 6.0 : 0.0);
    CHECK(three.result().mean == 2.0);
    CHECK(three.result().error == Approx(2.0).epsilon(1e-15));  // sqrt((4 + 4 + 16) / 2 / 3)
    BatchMeans one(1);
    one.add(0, 3.0);
    CHECK(one.result().mean == 3.0);
    CHECK(std::isnan(one.result().error));
    // Steps without a number are left out, and so is a stretch that has none.
    BatchMeans some(40);
    for (int t = 20; t < 40; t += 2) some.add(t, t < 30 ? 1.0 : 2.0);
    CHECK(some.count() == 10);
    CHECK(some.result().mean == 1.5);
    CHECK(some.result().error == Approx(std::sqrt(2.5 / 9.0 / 10.0)).epsilon(1e-15));
}

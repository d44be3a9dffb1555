// The outputs of a fixed random network, against its equations in Eigen.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "sim/numbers/mean_error.hpp"
#include "tests/sim/tasks/presented_task.hpp"

namespace apical::task_tests {

namespace {

// y = W2 phi(W1 x), with the numbers of the streams row by row.
Eigen::MatrixXd matrix(int rows, int columns, const std::string& name, bool uniform) {
    const Stream stream(1, name);
    Eigen::MatrixXd all(rows, columns);
    for (int i = 0; i < rows; ++i)
        for (int j = 0; j < columns; ++j) {
            const auto k = static_cast<std::uint64_t>(i * columns + j);
            all(i, j) = uniform ? 2.0 * stream.uniform(0, k) - 1.0
                                : stream.normal(0, k) / std::sqrt(double(columns));
        }
    return all;
}

}  // namespace

TEST_CASE("the teacher's label is W2 phi(W1 x) of its input", "[task][teacher]") {
    const auto relu = [](double v) { return v > 0.0 ? v : 0.0; };
    const auto sigmoid = [](double v) { return 1.0 / (1.0 + std::exp(-v)); };
    for (const std::string name : {"linear", "tanh", "relu", "sigmoid"}) {
        for (const bool uniform : {false, true}) {
            const Presented task =
                made(fmt::format("kind = \"teacher\"\nsizes = [4, 6, 3]\nactivation = \"{}\"\n"
                                 "weights = \"{}\"",
                                 name, uniform ? "uniform" : "normal"));
            REQUIRE(task->shape().inputs == 4);
            REQUIRE(task->shape().outputs == 3);
            const Eigen::MatrixXd W1 = matrix(6, 4, "task/teacher/W1", uniform),
                                  W2 = matrix(3, 6, "task/teacher/W2", uniform);
            for (std::int64_t step = 1; step <= 20; ++step) {
                const Example shown = presented(task, step);
                Eigen::VectorXd v = W1 * shown.input;
                if (name == "tanh") v = v.array().tanh();
                if (name == "relu") v = v.unaryExpr(relu);
                if (name == "sigmoid") v = v.unaryExpr(sigmoid);
                CHECK((W2 * v - shown.label).cwiseAbs().maxCoeff() < 1e-13);
            }
        }
    }
}

TEST_CASE("noise of the teacher's outputs leaves half its variance to whoever knows the teacher",
          "[task][teacher]") {
    const std::string text = "kind = \"teacher\"\nsizes = [5, 4]\nactivation = \"linear\"\n";
    const Presented clean = made(text), noisy = made(text + "noise = 0.3");
    std::vector<double> losses;
    for (std::int64_t step = 1; step <= 4'000; ++step) {
        const Example a = presented(clean, step), b = presented(noisy, step);
        REQUIRE(a.input == b.input);
        losses.push_back(0.5 * (b.label - a.label).squaredNorm() / 4.0);
    }
    const MeanError found = mean_and_error(losses);
    CHECK(noisy->bounds().front().loss == Approx(0.045).epsilon(1e-12));
    CHECK(std::abs(found.mean - 0.045) < 3.0 * found.error);
}

TEST_CASE("the teacher's patterns are shown again, its inputs else new", "[task][teacher]") {
    const Presented task = made("kind = \"teacher\"\nsizes = [3, 2]\npatterns = 4\nhold = 2");
    std::vector<Eigen::VectorXd> seen;
    for (std::int64_t step = 1; step <= 400; step += 2) {
        const Example shown = presented(task, step);
        CHECK(presented(task, step + 1).input == shown.input);
        if (std::find(seen.begin(), seen.end(), shown.input) == seen.end())
            seen.push_back(shown.input);
    }
    CHECK(seen.size() == 4);
    CHECK_THROWS_WITH(made("kind = \"teacher\"\nsizes = [3]"),
                      Catch::Contains("task.sizes has 1 of them"));
}

}  // namespace apical::task_tests

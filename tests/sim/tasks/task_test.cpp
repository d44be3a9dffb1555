#include "sim/tasks/task.hpp"

#include <fmt/format.h>

#include <Eigen/QR>
#include <catch2/catch.hpp>
#include <cmath>

#include "sim/numbers/random.hpp"
#include "sim/tasks/task_kinds.hpp"
#include "tests/sim/tasks/presented_task.hpp"

namespace apical::task_tests {

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

bool equal(const Example& a, const Example& b) { return a.input == b.input && a.label == b.label; }

double loss_of(Activation readout, const std::vector<double>& voltage,
               const std::vector<double>& label) {
    return loss(readout, voltage, label);
}

// The teacher of the task "mimic", in the order of its equations.
struct Teacher {
    MatrixXd W_rec, W_in, W_out;
    VectorXd b, b_out, r;

    Teacher(int inputs, int outputs, int cells, std::uint32_t seed) {
        const auto normal = [&](int rows, int columns, const std::string& name) {
            MatrixXd m(rows, columns);
            for (int i = 0; i < rows; ++i) {
                for (int j = 0; j < columns; ++j) {
                    m(i, j) = Stream(seed, "task/teacher/" + name)
                                  .normal(0, std::uint64_t(i * columns + j));
                }
            }
            return m;
        };
        W_rec = Eigen::HouseholderQR<MatrixXd>(normal(cells, cells, "W_rec")).householderQ();
        W_in = normal(cells, inputs, "W_in") / std::sqrt(inputs);
        W_out = normal(outputs, cells, "W_out") / std::sqrt(cells);
        b = 0.1 * normal(cells, 1, "b");
        b_out = 0.1 * normal(outputs, 1, "b_out");
        r = VectorXd::Zero(cells);
    }

    VectorXd step(const VectorXd& x, double alpha) {
        const VectorXd v = W_rec * r + W_in * x + b;
        r = (1.0 - alpha) * r + alpha * v.array().tanh().matrix();
        return W_out * r + b_out;
    }
};

}  // namespace

TEST_CASE("add presents a bit and its complement, held for two steps when not told otherwise",
          "[task][add]") {
    const auto task = made("kind = \"add\"\nlags = [3, 5]");
    REQUIRE(task->shape().inputs == 2);
    REQUIRE(task->shape().outputs == 2);
    REQUIRE(task->shape().readout == Activation::softmax);
    REQUIRE(task->steps() == -1);
    for (std::int64_t step = 1; step < 200; step += 2) {
        const Example e = presented(task, step);
        REQUIRE((e.input(0) == 0.0 || e.input(0) == 1.0));
        REQUIRE(e.input(1) == 1.0 - e.input(0));
        REQUIRE(equal(presented(task, step + 1), e));
    }
}

TEST_CASE("add's label is 0.5 + 0.5 x(k - t1) - 0.25 x(k - t2) with true lags in task steps",
          "[task][add]") {
    struct Setting {
        std::int64_t t1, t2, hold;
    };
    for (const auto& [t1, t2, hold] : {Setting{3, 5, 2}, {5, 3, 1}, {0, 7, 3}, {4, 0, 2}}) {
        const auto task =
            made(fmt::format("kind = \"add\"\nlags = [{}, {}]\nhold = {}", t1, t2, hold));
        std::vector<double> x;
        const auto past = [&](std::int64_t k) { return k < 0 ? 0.0 : x[std::size_t(k)]; };
        for (std::int64_t k = 0; k < 300; ++k) {
            for (std::int64_t held = 0; held < hold; ++held) {
                const Example e = presented(task, k * hold + held + 1);
                if (held == 0) x.push_back(e.input(0));
                REQUIRE(e.input(0) == x.back());
                const double y = 0.5 + 0.5 * past(k - t1) - 0.25 * past(k - t2);
                REQUIRE(e.label(0) == y);
                REQUIRE(e.label(1) == 1.0 - y);
            }
        }
    }
}

TEST_CASE("add's bits are those of the stream task/input and fair", "[task][add]") {
    const auto task = made("kind = \"add\"\nlags = [1, 2]\nhold = 1", 9);
    const int steps = 40'000;
    double sum = 0.0;
    for (int step = 1; step <= steps; ++step) {
        const double x = presented(task, step).input(0);
        REQUIRE(x == double(Stream(9, "task/input").bits(std::uint64_t(step - 1), 0) & 1));
        sum += x;
    }
    REQUIRE(std::abs(sum / steps - 0.5) < 5.0 * 0.5 / std::sqrt(steps));
}

TEST_CASE("add's bounds are the published ones, named with the lags", "[task][add]") {
    const std::vector<Bound> bounds = made("kind = \"add\"\nlags = [4, 9]")->bounds();
    REQUIRE(bounds.size() == 4);
    REQUIRE(bounds[0].name == "nothing known");
    REQUIRE(bounds[0].loss == Approx(0.66156).margin(5e-6));
    REQUIRE(bounds[1].name == "only lag 9 known");
    REQUIRE(bounds[1].loss == Approx(0.62774).margin(5e-6));
    REQUIRE(bounds[2].name == "only lag 4 known");
    REQUIRE(bounds[2].loss == Approx(0.51917).margin(5e-6));
    REQUIRE(bounds[3].name == "both known (the floor)");
    REQUIRE(bounds[3].loss == Approx(0.45445).margin(5e-6));
}

TEST_CASE("a circuit that outputs add's label itself has the floor as its mean loss",
          "[task][add]") {
    const auto task = made("kind = \"add\"\nlags = [3, 5]\nhold = 1");
    const int steps = 100'000;
    double sum = 0.0;
    for (int step = 1; step <= steps; ++step) {
        const VectorXd y = presented(task, step).label;
        // A label of 0 asks for a voltage of minus infinity; -745 has the same softmax in doubles.
        const VectorXd v = y.array().max(5e-324).log();
        sum += loss(Activation::softmax, {v.data(), 2}, {y.data(), 2});
    }
    REQUIRE(sum / steps == Approx(task->bounds()[3].loss).margin(0.005));
}

TEST_CASE("add rejects lags that are not two different ones", "[task][add]") {
    for (const char* lags : {"[3]", "[3, 3]", "[3, 5, 7]", "[]"}) {
        REQUIRE_THROWS_WITH(made(fmt::format("kind = \"add\"\nlags = {}", lags)),
                            Catch::StartsWith("model.toml:2:8: ") &&
                                Catch::Contains("two different whole numbers from 0 to 1000000"));
    }
    REQUIRE_THROWS_WITH(made("kind = \"add\""), Catch::Contains("lags"));
    REQUIRE_THROWS_AS(made("kind = \"add\"\nlags = [1, 1000001]"), Error);
    REQUIRE_THROWS_AS(made("kind = \"add\"\nlags = [-1, 4]"), Error);
    REQUIRE_NOTHROW(made("kind = \"add\"\nlags = [0, 1000000]"));
}

TEST_CASE("a task is the same for the same seed and step, in any order", "[task]") {
    for (const char* toml : {"kind = \"add\"\nlags = [3, 5]", "kind = \"mimic\"\ncells = 5"}) {
        const auto task = made(toml, 4), again = made(toml, 4), other = made(toml, 5);
        std::vector<Example> examples;
        for (int step = 1; step <= 60; ++step) examples.push_back(presented(task, step));
        REQUIRE(equal(presented(again, 60), examples[59]));
        REQUIRE(equal(presented(again, 7), examples[6]));
        REQUIRE(equal(presented(again, 8), examples[7]));
        bool differs = false;
        for (int step = 1; step <= 60; ++step) {
            differs |= !equal(presented(other, step), examples[std::size_t(step - 1)]);
        }
        REQUIRE(differs);
    }
}

TEST_CASE("mimic's label is its teacher's output, one teacher step a step of the circuit",
          "[task][mimic]") {
    const auto task =
        made("kind = \"mimic\"\ninputs = 3\noutputs = 2\ncells = 5\nalpha = 0.3\nhold = 4", 6);
    REQUIRE(task->shape().inputs == 3);
    REQUIRE(task->shape().outputs == 2);
    REQUIRE(task->shape().readout == Activation::linear);
    REQUIRE(task->bounds().empty());
    Teacher teacher(3, 2, 5, 6);
    for (int step = 1; step <= 100; ++step) {
        const Example e = presented(task, step);
        for (int i = 0; i < 3; ++i) {
            const double u =
                Stream(6, "task/input").uniform(std::uint64_t((step - 1) / 4), std::uint64_t(i));
            REQUIRE(e.input(i) == (u < 0.5 ? 1.0 : 0.0));
        }
        REQUIRE(e.label.isApprox(teacher.step(e.input, 0.3), 1e-12));
    }
}

TEST_CASE("mimic is 32 to 32 with a teacher of 32 cells when not told otherwise", "[task][mimic]") {
    const auto task = made("kind = \"mimic\"", 2);
    Teacher teacher(32, 32, 32, 2);
    Example before;
    for (int step = 1; step <= 20; ++step) {
        const Example e = presented(task, step);
        REQUIRE(e.label.isApprox(teacher.step(e.input, 0.5), 1e-12));
        if (step % 2 == 0) {
            REQUIRE(e.input == before.input);
            REQUIRE(e.label != before.label);
        }
        before = e;
    }
}

TEST_CASE("mimic's inputs are one with the probability asked for", "[task][mimic]") {
    for (const double p : {0.0, 0.2, 1.0}) {
        const auto task = made(fmt::format("kind = \"mimic\"\nhold = 1\nprobability = {:.1f}", p));
        double sum = 0.0;
        const int steps = 1000;
        for (int step = 1; step <= steps; ++step) sum += presented(task, step).input.mean();
        REQUIRE(std::abs(sum / steps - p) <= 5.0 * std::sqrt(p * (1.0 - p) / (32.0 * steps)));
    }
}

TEST_CASE("an unknown task is an error that offers the nearest one", "[task]") {
    REQUIRE_THROWS_WITH(made("kind = \"mimik\""), Catch::StartsWith("model.toml:1:8: ") &&
                                                      Catch::Contains("add, mimic, file") &&
                                                      Catch::Contains("Did you mean \"mimic\"?"));
}

TEST_CASE("keys of another task are named as unused, and defaults are written down", "[task]") {
    Table table = parse_toml("kind = \"add\"\nlags = [3, 5]\ncells = 3", "model.toml");
    const Section task(table, {"model.toml", 1, 1}, "task", task_keys());
    CHECK(unused_keys(task) == std::vector<std::string>{"cells"});
    make_task(task, 1, ".");
    CHECK(task.integer("hold") == 2);
    CHECK(unused_keys(task) == std::vector<std::string>{"cells"});
}

TEST_CASE("the softmax loss is the cross-entropy with the label", "[task][loss]") {
    const std::vector<double> v = {0.3, -1.2, 0.7}, y = {0.2, 0.5, 0.3};
    const double sum = std::exp(0.3) + std::exp(-1.2) + std::exp(0.7);
    double expected = 0.0;
    for (std::size_t k = 0; k < 3; ++k) expected -= y[k] * std::log(std::exp(v[k]) / sum);
    REQUIRE(loss_of(Activation::softmax, v, y) == Approx(expected).epsilon(1e-14));
    REQUIRE(loss_of(Activation::softmax, {0.0, 0.0}, {0.25, 0.75}) == Approx(std::log(2.0)));
}

TEST_CASE("the softmax loss survives voltages whose exponentials do not", "[task][loss]") {
    REQUIRE(loss_of(Activation::softmax, {1000.0, 0.0}, {1.0, 0.0}) == 0.0);
    REQUIRE(loss_of(Activation::softmax, {1000.0, 0.0}, {0.0, 1.0}) == 1000.0);
    REQUIRE(loss_of(Activation::softmax, {-1000.0, -1000.0}, {0.5, 0.5}) == Approx(std::log(2.0)));
}

TEST_CASE("the linear loss is half the mean square of the error", "[task][loss]") {
    REQUIRE(loss_of(Activation::linear, {1.0, 2.0, -1.0}, {0.0, 4.0, -1.0}) ==
            Approx(0.5 * (1.0 + 4.0 + 0.0) / 3.0));
}

}  // namespace apical::task_tests

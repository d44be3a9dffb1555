// Each kind of operation, compiled and run alone: its value, and that it reads and writes what it
// declares and nothing else.
#include "sim/engine/plan/plan.hpp"

#include "tests/sim/engine/plan/lone_operation.hpp"

using namespace apical;
using namespace apical::lone;

namespace {

constexpr double tolerance = 1e-14;

Matrix tanh_of(const Matrix& v) { return v.array().tanh(); }

bool same_bits(const Matrix& a, const Matrix& b) {
    return std::memcmp(a.data(), b.data(), std::size_t(a.size()) * sizeof(double)) == 0;
}

}  // namespace

TEST_CASE("gate sets an interneuron to its number", "[plan]") {
    REQUIRE(gate().result()(0) == 1.0);
}

TEST_CASE("transmit sets a voltage to, or adds, the strengths times the rate", "[plan]") {
    const LoneOperation set = transmit(Access::set), add = transmit(Access::increment);
    const Matrix product = set.start(2) * set.start(1);
    REQUIRE(distance(set.result(), product) <= tolerance);
    REQUIRE(distance(add.result(), add.start(0) + product) <= tolerance);
}

TEST_CASE("transmit in reverse uses the transposed strengths", "[plan]") {
    const LoneOperation set = transmit_back(Access::set), add = transmit_back(Access::increment);
    const Matrix product = set.start(2).transpose() * set.start(1);
    REQUIRE(distance(set.result(), product) <= tolerance);
    REQUIRE(distance(add.result(), add.start(0) + product) <= tolerance);
}

TEST_CASE("transmit one to one carries the rate with its sign", "[plan]") {
    const LoneOperation set = one_to_one(Access::set), add = one_to_one(Access::increment);
    REQUIRE(set.result() == -set.start(1));
    REQUIRE(add.result() == add.start(0) - add.start(1));
}

TEST_CASE("relax brings the voltage nearer to its drive", "[plan]") {
    const LoneOperation op = relax();
    const Matrix expected = op.start(1) + 0.3 * (op.start(0) - op.start(1));
    REQUIRE(distance(op.result(), expected) <= tolerance);
}

TEST_CASE("fire takes the activation of the voltage at once, or integrates it", "[plan]") {
    const LoneOperation at_once = fire(Activation::tanh), slowly = integrate();
    REQUIRE(distance(at_once.result(), tanh_of(at_once.start(1))) <= tolerance);
    REQUIRE(distance(slowly.result(), 0.75 * slowly.start(0) + 0.25 * tanh_of(slowly.start(1))) <=
            tolerance);
}

TEST_CASE("fire sums compartments, each weighted by its gate", "[plan]") {
    const LoneOperation op = fire_gated();
    const Matrix drive = op.start(1) * op.start(2)(0) + op.start(3) + op.start(4) * op.start(5)(0);
    REQUIRE(distance(op.result(), 0.75 * op.start(0) + 0.25 * tanh_of(drive)) <= tolerance);
    const LoneOperation dendrite = fire_dendrite();
    REQUIRE(distance(dendrite.result(), tanh_of(dendrite.start(1) * dendrite.start(2)(0))) <=
            tolerance);
}

TEST_CASE("readout is the softmax of the voltage", "[plan]") {
    const LoneOperation op = readout();
    const Matrix exponential = op.start(1).array().exp();
    REQUIRE(distance(op.result(), exponential / exponential.sum()) <= tolerance);
}

TEST_CASE("cellwise takes the slope, product, sum or difference in each cell", "[plan]") {
    const LoneOperation derivative = slope(Activation::tanh), product = cellwise(Function::product),
                        sum = cellwise(Function::sum), difference = cellwise(Function::difference);
    const Matrix rate = tanh_of(derivative.start(1));
    REQUIRE(distance(derivative.result(), Matrix(1.0 - rate.array().square())) <= tolerance);
    REQUIRE(product.result() == product.start(1).cwiseProduct(product.start(2)));
    REQUIRE(sum.result() == sum.start(1) + sum.start(2));
    REQUIRE(difference.result() == difference.start(1) - difference.start(2));
}

TEST_CASE("hebb changes each strength by its post and pre", "[plan]") {
    for (const double retain : {1.0, 0.5}) {
        const LoneOperation op = hebb(retain);
        const Matrix change = -0.4 * op.start(1) * op.start(2).transpose();
        REQUIRE(distance(op.result(), retain * op.start(0) + change) <= tolerance);
    }
}

TEST_CASE("consolidate changes each strength by its post and its tag", "[plan]") {
    const LoneOperation op = consolidate();
    const Matrix change = -0.4 * (op.start(1).col(0).asDiagonal() * op.start(2));
    REQUIRE(distance(op.result(), op.start(0) + change) <= tolerance);
}

TEST_CASE("gather sums up what a matrix has at the synapses of each cell", "[plan]") {
    const LoneOperation op = gather();
    REQUIRE(distance(op.result(), Matrix(op.start(1).rowwise().sum())) <= tolerance);
}

TEST_CASE("assign and remember take over every number", "[plan]") {
    for (const LoneOperation& op : {assign(), remember(vector()), remember(scalar())}) {
        REQUIRE(op.result() == op.start(1));
    }
}

TEST_CASE("assign sets a Jacobian to the identity's part plus the scaled strengths", "[plan]") {
    const LoneOperation op = jacobian();
    const Matrix expected =
        0.75 * Matrix::Identity(n, n) + 0.25 * (op.start(2).col(0).asDiagonal() * op.start(1));
    REQUIRE(distance(op.result(), expected) <= tolerance);
}

TEST_CASE("an operation reads and changes nothing that it does not declare", "[plan]") {
    for (const LoneOperation& op : every_kind()) {
        INFO(listing_line(op.program, 0));
        const std::vector<Matrix> clean = op.run(), poisoned = op.run([&](std::size_t k, Matrix&x) {
            if (!op.is_operand(k)) x.setConstant(NAN);
        });
        for (std::size_t k = 0; k < clean.size(); ++k) {
            INFO("slot " << k);
            if (op.is_operand(k)) REQUIRE(same_bits(poisoned[k], clean[k]));
            if (!op.is_operand(k)) REQUIRE(poisoned[k].array().isNaN().all());
        }
    }
}

TEST_CASE("an operation changes its first operand and leaves the others as they are", "[plan]") {
    for (const LoneOperation& op : every_kind()) {
        INFO(listing_line(op.program, 0));
        const std::vector<Matrix> after = op.run();
        REQUIRE_FALSE(same_bits(after[0], op.start(0)));
        for (std::size_t k = 1; op.is_operand(k); ++k) REQUIRE(same_bits(after[k], op.start(k)));
    }
}

TEST_CASE("what an operation sets is independent of what was there, what it changes is not",
          "[plan]") {
    for (const LoneOperation& op : every_kind()) {
        INFO(listing_line(op.program, 0));
        const Matrix after_nan = op.run([](std::size_t k, Matrix& x) {
            if (k == 0) x.setConstant(NAN);
        })[0];
        if (op.written() == Access::set) {
            REQUIRE(same_bits(after_nan, op.result()));
        } else if (op.program.operations[0].function == Function::history) {
            REQUIRE(after_nan.rightCols(3).array().isNaN().all());
        } else {
            REQUIRE(after_nan.array().isNaN().all());
        }
    }
}

TEST_CASE("each operand that is read matters", "[plan]") {
    for (const LoneOperation& op : every_kind()) {
        INFO(listing_line(op.program, 0));
        for (std::size_t k = 1; op.is_operand(k); ++k) {
            INFO("operand " << k);
            const Matrix changed = op.run([&](std::size_t at, Matrix& x) {
                if (at == k) x *= 2.0;
            })[0];
            REQUIRE_FALSE(same_bits(changed, op.result()));
        }
    }
}

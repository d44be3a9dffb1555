// What the operations of RTRL, BPTT, UORO, KF-RTRL, R-KF and KeRNL do, each alone in a program,
// against Eigen.
#include <catch2/catch.hpp>

#include "tests/sim/engine/plan/lone_operation.hpp"

using namespace apical;
using namespace apical::lone;

namespace {

constexpr double tolerance = 1e-13;

void is(const LoneOperation& op, const Matrix& expected) {
    INFO(listing_line(op.program, 0));
    REQUIRE(distance(op.result(), expected) <= tolerance);
}

Vector column(const LoneOperation& op, std::size_t k) { return op.start(k).col(0); }
double number(const LoneOperation& op, std::size_t k) { return op.start(k)(0, 0); }
Matrix number(double value) { return Matrix::Constant(1, 1, value); }

}  // namespace

TEST_CASE("sums inside a cell have weights, of the operation or numbers for all", "[plan]") {
    const LoneOperation weighted = weighted_sum(), mixed = mixture(), alone = scaled();
    is(weighted, 0.3 * weighted.start(1) + 0.7 * weighted.start(2));
    is(mixed, number(mixed, 3) * mixed.start(1) + number(mixed, 4) * mixed.start(2));
    is(alone, -0.4 * alone.start(1));
}

TEST_CASE("a complement is one minus the value, and not below zero when rectified", "[plan]") {
    const auto of = [](Activation phi, const Vector& a) {
        return complement(phi).run([&](std::size_t k, Matrix& x) {
            if (k == 1) x = a;
        })[0];
    };
    const Vector a = Vector::LinSpaced(n, -2.0, 3.0);
    REQUIRE(of(Activation::linear, a) == Matrix(1.0 - a.array()));
    REQUIRE(of(Activation::rectified, a) == Matrix((1.0 - a.array()).max(0.0)));
}

TEST_CASE("a modulator is an inner product, a product, a quotient, a balance or a constant",
          "[plan]") {
    const LoneOperation set = inner(Access::set), add = inner(Access::increment);
    const double product = set.start(1).cwiseProduct(set.start(2)).sum();
    is(set, number(product));
    is(add, number(number(add, 0) + product));
    const auto two = [](Function function, auto value) {
        const LoneOperation op = modulate(function);
        is(op, number(value(number(op, 1), number(op, 2))));
    };
    two(Function::product, [](double a, double b) { return a * b; });
    two(Function::quotient, [](double a, double b) { return a / b; });
    two(Function::balance, [](double a, double b) { return std::pow(a / b, 0.25); });
    is(constant(), number(1.5));
}

TEST_CASE("a balance with nothing to balance is one", "[plan]") {
    for (const std::size_t empty : {std::size_t(1), std::size_t(2)}) {
        const LoneOperation op = modulate(Function::balance);
        const auto after = op.run([&](std::size_t k, Matrix& x) {
            if (k == empty) x.setZero();
        });
        REQUIRE(after[0](0, 0) == 1.0);
    }
}

TEST_CASE("a Hebbian change keeps as much as a number, or each cell's number, says", "[plan]") {
    const LoneOperation all = modulated_hebb(), each = kept_hebb();
    const Matrix outer = column(all, 1) * column(all, 2).transpose();
    is(all, 0.5 * number(all, 3) * all.start(0) - 0.4 * number(all, 4) * outer);
    is(set_hebb(), -0.4 * column(set_hebb(), 1) * column(set_hebb(), 2).transpose());
    is(each, column(each, 3).asDiagonal() * each.start(0) -
                 0.4 * column(each, 1) * column(each, 2).transpose());
}

TEST_CASE("a consolidation of all tags by one number, or as they are", "[plan]") {
    const LoneOperation by_number = consolidate_all(true), bare = consolidate_all(false);
    is(by_number, by_number.start(0) - 0.4 * number(by_number, 1) * by_number.start(2));
    is(bare, bare.start(0) - 0.4 * bare.start(1));
}

TEST_CASE("assign scales a matrix and adds to its diagonal, or clears it", "[plan]") {
    const LoneOperation op = diagonal();
    const Matrix added = column(op, 1).asDiagonal();
    is(op, number(op, 2) * op.start(0) + number(op, 3) * added);
    is(zero(), Matrix::Zero(n, m));
}

TEST_CASE("multiply is a matrix or its transpose times a vector", "[plan]") {
    const LoneOperation set = multiply(Access::set), add = multiply(Access::increment),
                        back = multiply_back(Access::set), more = multiply_back(Access::increment);
    is(set, set.start(1) * set.start(2));
    is(add, add.start(0) + add.start(1) * add.start(2));
    is(back, back.start(1).transpose() * back.start(2));
    is(more, more.start(0) + more.start(1).transpose() * more.start(2));
}

TEST_CASE("multiply from the left replaces a matrix or a vector by its product", "[plan]") {
    for (const Slot& right : {matrix(), vector(), square()}) {
        const LoneOperation op = multiply_in_place(right);
        is(op, op.start(1) * op.start(0));
    }
}

// Columns of the tensor are i m + j.
TEST_CASE("contract carries the influence on and adds the immediate one", "[plan]") {
    const LoneOperation op = contract();
    Matrix expected = op.start(1) * op.start(0);
    for (int i = 0; i < n; ++i) {
        expected.row(i).segment(i * m, m) += 0.4 * column(op, 2)(i) * column(op, 3).transpose();
    }
    is(op, expected);
}

TEST_CASE("contract with a credit sums the influences on all cells", "[plan]") {
    const LoneOperation op = contract_credit();
    const Vector sum = op.start(1).transpose() * op.start(2);
    is(op, Eigen::Map<const Matrix>(sum.data(), n, m));
}

TEST_CASE("a history has the newest value first and forgets the oldest", "[plan]") {
    const LoneOperation op = keep_history();
    Matrix expected(n, 4);
    expected << op.start(1), op.start(0).leftCols(3);
    REQUIRE(op.result() == expected);
}

TEST_CASE("recall takes a value of some steps ago, or adds to it", "[plan]") {
    const LoneOperation op = recall(), add = add_to_past();
    REQUIRE(op.result() == op.start(1).col(2));
    Matrix expected = add.start(0);
    expected.col(1) += add.start(1);
    REQUIRE(add.result() == expected);
}

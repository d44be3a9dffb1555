// Kernels on matrices and vectors against Eigen, for every instruction set and all small shapes.
#include "sim/engine/kernels/kernels.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/sim/engine/kernels/kernel_shapes.hpp"

using namespace apical;
using namespace apical::kernel_shapes;

namespace {

constexpr double tolerance = 1e-14;

// Entry by entry, relative to the sum of the sizes of all terms.
template <class Found, class Expected, class Terms>
bool close(const Found& found, const Expected& expected, const Terms& terms) {
    return ((found - expected).array().abs() <= tolerance * terms.array()).all();
}

}  // namespace

TEST_CASE("a transmission is the matrix times the rates", "[kernels]") {
    for_each_shape([](const Kernels& k, Eigen::Index rows, Eigen::Index columns) {
        const Arguments o(rows, columns);
        const PaddedNumbers S = padded_matrix(o.S), x = padded_vector(o.pre);
        PaddedNumbers set = padded_vector(o.other), add = set;
        run(k.transmit_set, set, &S, &x, rows, columns);
        run(k.transmit_add, add, &S, &x, rows, columns);
        const VectorXd product = o.S * o.pre, terms = o.S.cwiseAbs() * o.pre.cwiseAbs();
        REQUIRE(close(vector_of(set, rows), product, terms));
        REQUIRE(close(vector_of(add, rows), o.other + product, o.other.cwiseAbs() + terms));
    });
}

TEST_CASE("a transmission in reverse is the transposed matrix times the rates", "[kernels]") {
    for_each_shape([](const Kernels& k, Eigen::Index rows, Eigen::Index columns) {
        const Arguments o(rows, columns);
        const PaddedNumbers S = padded_matrix(o.S), x = padded_vector(o.post);
        PaddedNumbers set = padded_vector(o.pre), add = set;
        run(k.transmit_reverse_set, set, &S, &x, rows, columns);
        run(k.transmit_reverse_add, add, &S, &x, rows, columns);
        const VectorXd product = o.S.transpose() * o.post,
                       terms = o.S.cwiseAbs().transpose() * o.post.cwiseAbs();
        REQUIRE(close(vector_of(set, columns), product, terms));
        REQUIRE(close(vector_of(add, columns), o.pre + product, o.pre.cwiseAbs() + terms));
    });
}

TEST_CASE("a Hebbian change adds the outer product of post and pre", "[kernels]") {
    for_each_shape([](const Kernels& k, Eigen::Index rows, Eigen::Index columns) {
        const Arguments o(rows, columns);
        const PaddedNumbers post = padded_vector(o.post), pre = padded_vector(o.pre);
        PaddedNumbers add = padded_matrix(o.S), decay = add;
        run(k.hebb_add, add, &post, &pre, rows, columns);
        run(k.hebb_decay, decay, &post, &pre, rows, columns);
        const MatrixXd change = gain * o.post * o.pre.transpose(),
                       terms = o.S.cwiseAbs() + change.cwiseAbs();
        REQUIRE(close(matrix_of(add, rows, columns), o.S + change, terms));
        REQUIRE(close(matrix_of(decay, rows, columns), retain * o.S + change, terms));
    });
}

TEST_CASE("a consolidation adds each tag times its postsynaptic factor", "[kernels]") {
    for_each_shape([](const Kernels& k, Eigen::Index rows, Eigen::Index columns) {
        const Arguments o(rows, columns);
        const PaddedNumbers post = padded_vector(o.post), tag = padded_matrix(o.T);
        PaddedNumbers S = padded_matrix(o.S);
        run(k.consolidate, S, &post, &tag, rows, columns);
        const MatrixXd change = gain * (o.post.asDiagonal() * o.T);
        REQUIRE(
            close(matrix_of(S, rows, columns), o.S + change, o.S.cwiseAbs() + change.cwiseAbs()));
    });
}

TEST_CASE("a Jacobian is a multiple of the identity plus the matrix with scaled rows",
          "[kernels]") {
    for_each_size([](const Kernels& k, Eigen::Index n) {
        const Arguments o(n, n);
        const PaddedNumbers S = padded_matrix(o.S), slope = padded_vector(o.post);
        PaddedNumbers J = padded_matrix(o.T);
        run(k.jacobian, J, &S, &slope, n, n);
        const MatrixXd scaled = gain * (o.post.asDiagonal() * o.S),
                       identity = MatrixXd::Identity(n, n);
        REQUIRE(
            close(matrix_of(J, n, n), retain * identity + scaled, identity + scaled.cwiseAbs()));
    });
}

TEST_CASE("a copy has every entry of a vector or a matrix", "[kernels]") {
    for_each_shape([](const Kernels& k, Eigen::Index rows, Eigen::Index columns) {
        const Arguments o(rows, columns);
        const PaddedNumbers S = padded_matrix(o.S), x = padded_vector(o.post);
        PaddedNumbers matrix = padded_matrix(o.T), vector = padded_vector(o.other);
        run(k.copy, matrix, &S, nullptr, rows, columns);
        run(k.copy, vector, &x, nullptr, rows);
        REQUIRE(matrix_of(matrix, rows, columns) == o.S);
        REQUIRE(vector_of(vector, rows) == o.post);
    });
}

TEST_CASE("a one-to-one or gated transmission is the rate times a number", "[kernels]") {
    for_each_size([](const Kernels& k, Eigen::Index rows) {
        const Arguments o(rows, 1);
        const PaddedNumbers x = padded_vector(o.post),
                            gate = padded_vector(VectorXd::Constant(1, gain));
        const VectorXd scaled = gain * o.post, terms = o.other.cwiseAbs() + scaled.cwiseAbs();
        const auto check = [&](KernelFunction kernel, const PaddedNumbers* b,
                               const VectorXd& value) {
            PaddedNumbers out = padded_vector(o.other);
            // A gated kernel has its number from b, and must not look at the step's own.
            run(kernel, out, &x, b, rows, 1, retain, b ? NAN : gain);
            REQUIRE(close(vector_of(out, rows), value, terms));
        };
        check(k.scale_set, nullptr, scaled);
        check(k.scale_add, nullptr, o.other + scaled);
        check(k.part_set, nullptr, scaled);
        check(k.part_add, nullptr, o.other + scaled);
        check(k.gated_set, &gate, scaled);
        check(k.gated_add, &gate, o.other + scaled);
    });
}

TEST_CASE("relaxation leaves the retained part of the distance to the drive", "[kernels]") {
    for_each_size([](const Kernels& k, Eigen::Index rows) {
        const Arguments o(rows, 1);
        const PaddedNumbers drive = padded_vector(o.post);
        PaddedNumbers v = padded_vector(o.other);
        run(k.relax, v, &drive, nullptr, rows);
        REQUIRE(close(vector_of(v, rows), o.post + retain * (o.other - o.post),
                      o.post.cwiseAbs() + o.other.cwiseAbs()));
    });
}

TEST_CASE("product, sum and difference are taken cell by cell", "[kernels]") {
    for_each_size([](const Kernels& k, Eigen::Index rows) {
        const Arguments o(rows, 1);
        const PaddedNumbers a = padded_vector(o.post), b = padded_vector(o.other);
        PaddedNumbers product{std::size_t(rows)}, sum = product, difference = product;
        run(k.product, product, &a, &b, rows);
        run(k.sum, sum, &a, &b, rows);
        run(k.difference, difference, &a, &b, rows);
        const VectorXd terms = o.post.cwiseAbs() + o.other.cwiseAbs();
        REQUIRE(close(vector_of(product, rows), gain * o.post.cwiseProduct(o.other), terms));
        REQUIRE(close(vector_of(sum, rows), retain * o.post + gain * o.other, terms));
        REQUIRE(vector_of(difference, rows) == o.post - o.other);
        run(k.product, product, &a, &b, rows, 1, 1.0, 1.0);
        run(k.sum, sum, &a, &b, rows, 1, 1.0, 1.0);
        REQUIRE(vector_of(product, rows) == o.post.cwiseProduct(o.other));
        REQUIRE(vector_of(sum, rows) == o.post + o.other);
    });
}

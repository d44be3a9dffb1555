// What the equations of RFLO, DNI, DNI(b) and KeRNL come to in closed form.
#include <Eigen/Cholesky>
#include <catch2/catch.hpp>
#include <cmath>

#include "sim/algebra/dni.hpp"
#include "sim/algebra/dni_b.hpp"
#include "sim/algebra/kernl.hpp"
#include "sim/algebra/rflo.hpp"
#include "sim/algebra/rho.hpp"
#include "tests/sim/algebra/random_network.hpp"

namespace {

using namespace apical;
using namespace apical::algebra;

double distance(const Matrix& found, const Matrix& expected) {
    return (found - expected).cwiseAbs().maxCoeff();
}

struct SmallDni {
    static constexpr int n = 4, n_in = 2, n_out = 3;
    Draws draws{5};
    RandomNetwork network{draws, n, n_in, n_out, 10};
    Matrix A = draws.normals(n, n + n_out + 1, 0.3);
};

// A linear network whose input comes round again and again, and which learns J alone.
struct Periodic {
    static constexpr int n = 3, period = 20;
    Draws draws{7};
    RandomNetwork shown{draws, n, 2, 2, period};
    Settings settings{.activation = algebra::Activation::linear, .loss = Loss::mean_square};
    DniB dni_b{settings, shown.start, Matrix::Zero(n, n + 3), Matrix::Zero(n, n), {}};

    Periodic() { dni_b.W.leftCols(n) *= 0.5; }

    // Shows all inputs once; sees r(t-1) and r(t) of each step.
    template <class See>
    void round(const See& see) {
        for (const Vector& x : shown.x) {
            const Vector before = dni_b.r;
            dni_b.step(x, shown.label[0]);
            see(before, dni_b.r);
        }
    }
    Matrix least_squares() {
        Matrix r_r = Matrix::Zero(n, n), next_r = r_r;
        round([&](const Vector& before, const Vector& r) {
            r_r += before * before.transpose();
            next_r += r * before.transpose();
        });
        return r_r.llt().solve(next_r.transpose()).transpose();
    }
    Matrix learned(double rate) {
        dni_b.options.rate_J = rate;
        for (int i = 0; i < 5000; ++i) round([](const Vector&, const Vector&) {});
        Matrix J = Matrix::Zero(n, n);
        round([&](const Vector&, const Vector&) { J += dni_b.J / period; });
        return J;
    }
};

}  // namespace

TEST_CASE("RFLO is RTRL whose Jacobian is what a cell keeps of its own rate", "[algebra]") {
    Draws draws(1);
    for (int i = 0; i < 50; ++i) {
        const RandomNetwork network(draws, draws.whole(1, 8), draws.whole(1, 4), 2, 10);
        Settings settings = network.settings;
        settings.alpha = 0.1 * draws.whole(1, 10);
        settings.rate = settings.rate_out = 0.1;
        Rflo rflo(settings, network.start);
        Matrix M = Matrix::Zero(rflo.n, rflo.n * rflo.m);
        for (std::size_t t = 0; t < network.steps(); ++t) {
            rflo.step(network.x[t], network.label[t]);
            const Matrix J = (1.0 - settings.alpha) * Matrix::Identity(rflo.n, rflo.n);
            M = J * M;
            for (Eigen::Index k = 0; k < rflo.n; ++k)
                M.row(k).segment(k * rflo.m, rflo.m) +=
                    settings.alpha * rflo.slope(k) * rflo.r_hat.transpose();
            const Eigen::RowVectorXd G = rflo.c_bar.transpose() * M;
            REQUIRE(distance(Eigen::Map<const Matrix>(G.data(), rflo.n, rflo.m), rflo.G) <= 1e-12);
        }
    }
}

TEST_CASE(
    "DNI's label is last step's credit and the bootstrap through the Jacobian, entry by entry",
    "[algebra]") {
    SmallDni small;
    Settings settings = small.network.settings;
    settings.rate = settings.rate_out = 0.1;
    Dni dni(settings, small.network.start, small.A, {.rate_A = 0.1});
    for (std::size_t t = 0; t < small.network.steps(); ++t) {
        const Matrix A = dni.A, W = dni.W;
        const Vector c_before = dni.c_bar;
        dni.step(small.network.x[t], small.network.label[t]);
        for (Eigen::Index i = 0; i < dni.n; ++i) {
            double label = c_before(i);
            for (Eigen::Index k = 0; k < dni.n; ++k) {
                double u = A(k, A.cols() - 1);
                for (Eigen::Index l = 0; l < dni.n; ++l) u += A(k, l) * dni.r(l);
                for (Eigen::Index l = 0; l < dni.y_star.size(); ++l)
                    u += A(k, dni.n + l) * dni.y_star(l);
                const double kept = k == i ? 1.0 - dni.alpha : 0.0;
                label += u * (kept + dni.alpha * dni.slope(k) * W(k, i));
            }
            REQUIRE(std::abs(dni.c_star(i) - label) <= 1e-12);
        }
    }
}

TEST_CASE("at rest, what DNI has learned is the credit of all steps to come", "[algebra]") {
    SmallDni small;
    Dni dni(small.network.settings, small.network.start, small.A, {.rate_A = 0.2});
    dni.W.leftCols(dni.n) *= 0.5;
    for (int t = 0; t < 2000; ++t) dni.step(small.network.x[0], small.network.label[0]);
    Vector credit = Vector::Zero(dni.n), from_later = dni.c_bar;
    for (int later = 0; later < 2000; ++later) {
        credit += from_later;
        from_later = dni.J.transpose() * from_later;
    }
    REQUIRE(dni.c_bar.norm() > 0.1);
    REQUIRE(distance(dni.c_star, credit) <= 1e-10 * credit.norm());
    REQUIRE(distance(dni.u, credit) <= 1e-10 * credit.norm());
}

TEST_CASE(
    "the learned Jacobian of a linear network becomes the least-squares predictor of its rate",
    "[algebra]") {
    Periodic network;
    const Matrix coarse = network.learned(0.01), fine = network.learned(0.001);
    const Matrix expected = network.least_squares();
    CHECK(distance(fine, expected) <= 2e-3);
    // What is left is in proportion to the rate.
    CHECK(distance(fine, expected) <= 0.15 * distance(coarse, expected));
    // The input is not independent of the rate, so the least-squares answer is not the Jacobian.
    const double alpha = network.settings.alpha;
    const Matrix exact =
        (1.0 - alpha) * Matrix::Identity(3, 3) + alpha * network.dni_b.W.leftCols(3);
    CHECK(distance(exact, expected) >= 0.1);
}

TEST_CASE("KeRNL's twin and traces start anew at the end of steps that the interval divides",
          "[algebra]") {
    Draws draws(9);
    const RandomNetwork network(draws, 4, 2, 2, 9);
    Kernl kernl(network.settings, network.start, {.eta = 0.1, .reset_interval = 3});
    for (int t = 1; t <= 9; ++t) {
        const auto at = static_cast<std::size_t>(t - 1);
        kernl.step(network.x[at], network.label[at], draws.normals(4, 1, 0.1));
        const bool anew = t % 3 == 0;
        CHECK((kernl.r_twin == kernl.r) == (anew || t == 1));
        CHECK(kernl.Omega.isZero(0.0) == anew);
        CHECK(kernl.Gamma.isZero(0.0) == (anew || t % 3 == 1));
        CHECK(kernl.B.isZero(0.0) == anew);
    }
}

TEST_CASE("KeRNL's kernel may be kept from turning negative", "[algebra]") {
    Draws draws(10);
    const RandomNetwork network(draws, 4, 2, 2, 1);
    for (const bool clipped : {true, false}) {
        Kernl kernl(network.settings, network.start, {.gamma = 1.25, .clip_kernel = clipped});
        kernl.step(network.x[0], network.label[0], draws.normals(4, 1, 0.1));
        CHECK(kernl.K == Vector::Constant(4, clipped ? 0.0 : -0.25));
    }
}

TEST_CASE("a ratio with a zero norm in it balances nothing", "[algebra]") {
    const Rho minimised, constant{.constant0 = 2.0, .constant1 = 3.0};
    CHECK(minimised.rho0(0.0, 2.0) == 1.0);
    CHECK(minimised.rho1(2.0, 0.0) == 1.0);
    CHECK(minimised.rho0(8.0, 2.0) == 2.0);
    CHECK(constant.rho0(0.0, 2.0) == 2.0);
    CHECK(constant.rho1(8.0, 2.0) == 3.0);
}

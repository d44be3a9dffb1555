// The mean of the estimates of UORO, KF-RTRL and R-KF over their noise is the influence of RTRL.
#include <catch2/catch.hpp>
#include <cstdint>

#include "sim/algebra/kf_rtrl.hpp"
#include "sim/algebra/r_kf.hpp"
#include "sim/algebra/rtrl.hpp"
#include "sim/algebra/uoro.hpp"
#include "tests/sim/algebra/random_network.hpp"

namespace {

using namespace apical;
using namespace apical::algebra;

constexpr int draws_of_noise = 20'000, n = 3, n_in = 2, m = n + n_in + 1, past_steps = 4;

void step(Uoro& uoro, const Vector& x, const Vector& label, Draws& draws) {
    uoro.step(x, label, draws.signs(n));
}
void step(RKf& r_kf, const Vector& x, const Vector& label, Draws& draws) {
    r_kf.step(x, label, draws.signs(n));
}
void step(KfRtrl& kf_rtrl, const Vector& x, const Vector& label, Draws& draws) {
    const double nu0 = draws.sign(), nu1 = draws.sign();
    kf_rtrl.step(x, label, nu0, nu1);
}

// The row of M_kij over j.
Vector estimate(const Uoro& uoro, Eigen::Index k, Eigen::Index i) {
    return uoro.A(k) * uoro.B.row(i);
}
Vector estimate(const KfRtrl& kf_rtrl, Eigen::Index k, Eigen::Index i) {
    return kf_rtrl.B(k, i) * kf_rtrl.A;
}
Vector estimate(const RKf& r_kf, Eigen::Index k, Eigen::Index i) {
    return r_kf.A(i) * r_kf.B.row(k);
}

template <class Algorithm>
Matrix estimate(const Algorithm& algorithm) {
    Matrix M(n, n * m);
    for (Eigen::Index k = 0; k < n; ++k) {
        for (Eigen::Index i = 0; i < n; ++i)
            M.row(k).segment(i * m, m) = estimate(algorithm, k, i).transpose();
    }
    return M;
}

// RTRL's influence, and the part of it that the last step alone has made.
struct Influence {
    Matrix whole, of_last_step = Matrix::Zero(n, n*m);

    explicit Influence(const RandomNetwork& network) {
        Rtrl rtrl(network.settings, network.start);
        for (int t = 0; t < past_steps; ++t) rtrl.step(network.x[t], network.label[t]);
        whole = rtrl.M;
        for (Eigen::Index i = 0; i < n; ++i)
            of_last_step.row(i).segment(i * m, m) = rtrl.immediate(i) * rtrl.r_hat.transpose();
    }
};

// How the tensors begin. Any start whose product has mean zero leaves the estimate unbiased: no
// sign of any step is in it.
enum class Begin { zero, first_factor_drawn, drawn };

// Sizes of A and B.
struct Sizes {
    Eigen::Index A, B_rows, B_columns;
};
Sizes sizes_of(const Uoro*) { return {n, n, m}; }
Sizes sizes_of(const RKf*) { return {n, n, m}; }
Sizes sizes_of(const KfRtrl*) { return {m, n, n}; }

template <class Algorithm>
void is_unbiased(std::uint64_t seed, Begin begin, const Rho& rho) {
    Draws draws(seed);
    const RandomNetwork network(draws, n, n_in, 2, past_steps);
    const Influence influence(network);
    const Sizes size = sizes_of(static_cast<Algorithm*>(nullptr));
    const double A_deviation = begin == Begin::zero ? 0.0 : 1.0,
                 B_deviation = begin == Begin::drawn ? 1.0 : 0.0;
    Matrix sum = Matrix::Zero(n, n * m), sum_of_squares = sum;
    for (int i = 0; i < draws_of_noise; ++i) {
        const Vector A = draws.normals(size.A, 1, A_deviation);
        const Matrix B = draws.normals(size.B_rows, size.B_columns, B_deviation);
        Algorithm algorithm(network.settings, network.start, A, B, rho);
        for (int t = 0; t < past_steps; ++t) step(algorithm, network.x[t], network.label[t], draws);
        const Matrix off = estimate(algorithm) - influence.whole;
        sum += off;
        sum_of_squares += off.cwiseAbs2();
    }
    const Matrix mean = sum / draws_of_noise;
    const Matrix variance = sum_of_squares / draws_of_noise - mean.cwiseAbs2();
    const Matrix error = (variance / draws_of_noise).cwiseSqrt();
    REQUIRE(error.minCoeff() > 0.0);
    CHECK(mean.cwiseAbs().cwiseQuotient(error).maxCoeff() <= 5.0);
    // Enough draws to tell: an estimate that forgot all steps but the last would be far off.
    const Matrix forgotten = influence.whole - influence.of_last_step;
    CHECK(forgotten.cwiseAbs().cwiseQuotient(error).maxCoeff() >= 20.0);
}

template <class Algorithm>
void is_unbiased() {
    const Rho minimised, constant{.constant0 = 1.1, .constant1 = 1.3};
    is_unbiased<Algorithm>(1, Begin::zero, minimised);
    is_unbiased<Algorithm>(2, Begin::zero, constant);
    is_unbiased<Algorithm>(3, Begin::first_factor_drawn, minimised);
    is_unbiased<Algorithm>(4, Begin::drawn, minimised);
    is_unbiased<Algorithm>(5, Begin::drawn, constant);
}

}  // namespace

TEST_CASE("UORO's estimate of the influence is unbiased", "[algebra]") { is_unbiased<Uoro>(); }

TEST_CASE("KF-RTRL's estimate of the influence is unbiased", "[algebra]") { is_unbiased<KfRtrl>(); }

TEST_CASE("R-KF's estimate of the influence is unbiased", "[algebra]") { is_unbiased<RKf>(); }

// RTRL, BPTT and the slope of the loss itself are one gradient, in the equations' own code.
#include <algorithm>
#include <catch2/catch.hpp>

#include "sim/algebra/bptt.hpp"
#include "sim/algebra/bptt_window.hpp"
#include "sim/algebra/fixed_w.hpp"
#include "sim/algebra/rtrl.hpp"
#include "tests/sim/algebra/random_network.hpp"

namespace {

using namespace apical;
using namespace apical::algebra;

constexpr int networks = 200;

RandomNetwork any_network(Draws& draws) {
    RandomNetwork drawn(draws, draws.whole(1, 12), draws.whole(1, 4), draws.whole(2, 4),
                        draws.whole(1, 10));
    // No draw brings a rectified cell so near to its kink that a central difference would cross it.
    const algebra::Activation activations[] = {
        algebra::Activation::tanh, algebra::Activation::linear, algebra::Activation::logistic,
        algebra::Activation::rectified};
    const double alphas[] = {0.1, 0.5, 1.0};
    drawn.settings.activation = activations[draws.whole(0, 3)];
    drawn.settings.alpha = alphas[draws.whole(0, 2)];
    drawn.settings.loss = draws.whole(0, 1) ? Loss::cross_entropy : Loss::mean_square;
    return drawn;
}

// Losses of every step. Training follows half the sum of squares, where half the mean is reported.
Vector losses(const RandomNetwork& network, const Matrix& W) {
    Start start = network.start;
    start.W = W;
    FixedW run(network.settings, start);
    Vector all(static_cast<Eigen::Index>(network.steps()));
    for (std::size_t t = 0; t < network.steps(); ++t) {
        run.step(network.x[t], network.label[t]);
        const double scale = network.settings.loss == Loss::mean_square
                                 ? static_cast<double>(network.label[t].size())
                                 : 1.0;
        all(static_cast<Eigen::Index>(t)) = scale * run.loss;
    }
    return all;
}

// dL(t) / dW_ij in row t, at column i m + j.
Matrix central_differences(const RandomNetwork& network) {
    constexpr double nudge = 1e-5;
    Matrix W = network.start.W;
    Matrix slopes(static_cast<Eigen::Index>(network.steps()), W.size());
    for (Eigen::Index entry = 0; entry < W.size(); ++entry) {
        double& w = W.data()[entry];
        const double before = w;
        w = before + nudge;
        const Vector above = losses(network, W);
        w = before - nudge;
        slopes.col(entry) = (above - losses(network, W)) / (2.0 * nudge);
        w = before;
    }
    return slopes;
}

// G(t) in row t.
Matrix gradients_of_rtrl(const RandomNetwork& network) {
    Rtrl rtrl(network.settings, network.start);
    Matrix all(static_cast<Eigen::Index>(network.steps()), rtrl.G.size());
    for (std::size_t t = 0; t < network.steps(); ++t) {
        rtrl.step(network.x[t], network.label[t]);
        all.row(static_cast<Eigen::Index>(t)) =
            Eigen::Map<const Eigen::RowVectorXd>(rtrl.G.data(), rtrl.G.size());
    }
    return all;
}

Matrix as_matrix(const Eigen::RowVectorXd& entries, const Matrix& shape) {
    return Eigen::Map<const Matrix>(entries.data(), shape.rows(), shape.cols());
}

void same(const Matrix& found, const Matrix& expected, double tolerance) {
    REQUIRE(found.allFinite());
    const double largest = expected.cwiseAbs().maxCoeff();
    REQUIRE((found - expected).cwiseAbs().maxCoeff() <= tolerance * std::max(1.0, largest));
}

}  // namespace

TEST_CASE("RTRL's gradient of each step is that of central differences of its loss", "[algebra]") {
    Draws draws(1);
    for (int i = 0; i < networks; ++i) {
        const RandomNetwork network = any_network(draws);
        same(gradients_of_rtrl(network), central_differences(network), 1e-6);
    }
}

TEST_CASE("windowed BPTT that reaches back to the start is RTRL, summed over any first steps",
          "[algebra]") {
    Draws draws(2);
    for (int i = 0; i < networks; ++i) {
        RandomNetwork network = any_network(draws);
        network.settings.leave_out_alpha = draws.whole(0, 1) == 1;
        const Matrix rtrl = gradients_of_rtrl(network);
        for (std::size_t T = 1; T <= network.steps(); ++T) {
            BpttWindow bptt(network.settings, network.start, T);
            for (std::size_t t = 0; t < T; ++t) bptt.step(network.x[t], network.label[t]);
            const Matrix sum = rtrl.topRows(static_cast<Eigen::Index>(T)).colwise().sum();
            same(bptt.G, as_matrix(sum, bptt.G), 1e-12);
        }
    }
}

TEST_CASE("BPTT whose window never fills holds the gradient of RTRL, summed over the run",
          "[algebra]") {
    Draws draws(3);
    for (int i = 0; i < networks; ++i) {
        RandomNetwork network = any_network(draws);
        network.start.B_fb = draws.normals(network.start.W.rows(), network.start.W_out.rows());
        Bptt bptt(network.settings, network.start, network.steps() + 1);
        Matrix held = Matrix::Zero(bptt.n, bptt.m);
        for (std::size_t t = 0; t < network.steps(); ++t) {
            bptt.step(network.x[t], network.label[t]);
            REQUIRE(bptt.G.isZero(0.0));
        }
        for (const Bptt::Moment& s : bptt.window)
            held += s.c.cwiseProduct(s.immediate) * s.r_hat.transpose();
        const Matrix sum = gradients_of_rtrl(network).colwise().sum();
        same(held, as_matrix(sum, held), 1e-12);
    }
}

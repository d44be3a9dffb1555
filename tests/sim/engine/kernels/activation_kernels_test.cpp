// Activation functions and checks lane by lane, with the C library's long double as the truth.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "circuits/anatomy/circuit.hpp"
#include "sim/engine/plan/plan.hpp"
#include "tests/sim/engine/kernels/padded_numbers.hpp"

using namespace apical;

namespace {

using Eigen::VectorXd;
using Limits = std::numeric_limits<double>;

// Each power of two down to the smallest denormal number with some of its multiples, and a fine
// grid where tanh bends.
std::vector<double> dense_grid() {
    std::vector<double> grid;
    for (int exponent = -1074; exponent <= 1023; ++exponent) {
        for (const double factor : {1.0, 1.1, 1.37, 1.5, 1.93}) {
            grid.push_back(std::ldexp(factor, exponent));
        }
    }
    for (int k = 1; k < 250'000; ++k) grid.push_back(k * 1e-4);
    return grid;
}

VectorXd applied(KernelFunction kernel, const VectorXd& x, double retain = 0.0, double gain = 1.0,
                 const VectorXd& before = {}) {
    const PaddedNumbers in = padded_vector(x);
    PaddedNumbers out = padded_vector(before.size() ? before : x);
    Step step;
    step.out = out.data();
    step.a = in.data();
    step.rows = in.size();
    step.retain = retain;
    step.gain = gain;
    kernel(step);
    return vector_of(out, x.size());
}

VectorXd vector_from(const std::vector<double>& numbers) {
    return Eigen::Map<const VectorXd>(numbers.data(), Eigen::Index(numbers.size()));
}

template <class Check>
void for_each_set(Check check) {
    for (const Kernels* kernels : all_instruction_sets()) {
        INFO(kernels->instruction_set);
        check(*kernels);
    }
}

KernelFunction fire(const Kernels& k, Activation phi) { return kernel_of(k.fire, phi); }
KernelFunction slope(const Kernels& k, Activation phi) { return kernel_of(k.slope, phi); }

constexpr Activation of_cells[] = {Activation::linear, Activation::tanh, Activation::rectified,
                                   Activation::logistic};

long double phi_of(Activation phi, long double x) {
    switch (phi) {
        case Activation::linear:
            return x;
        case Activation::tanh:
            return std::tanh(x);
        case Activation::rectified:
            return x > 0 ? x : 0;
        default:
            return 1 / (1 + std::exp(-x));
    }
}

long double slope_of(Activation phi, long double x) {
    switch (phi) {
        case Activation::linear:
            return 1;
        case Activation::tanh:
            return 1 - std::tanh(x) * std::tanh(x);
        case Activation::rectified:
            return x > 0 ? 1 : 0;
        default:
            return phi_of(phi, x) * (1 - phi_of(phi, x));
    }
}

}  // namespace

TEST_CASE("tanh is odd to the bit and keeps the sign of zero", "[kernels][tanh]") {
    const std::vector<double> grid = dense_grid();
    for_each_set([&](const Kernels& k) {
        const VectorXd x = vector_from(grid), positive = applied(fire(k, Activation::tanh), x),
                       negative = applied(fire(k, Activation::tanh), -x),
                       zeros = applied(fire(k, Activation::tanh), Eigen::Vector2d(0.0, -0.0));
        REQUIRE(positive == -negative);
        REQUIRE((zeros(0) == 0.0 && !std::signbit(zeros(0))));
        REQUIRE((zeros(1) == 0.0 && std::signbit(zeros(1))));
    });
}

TEST_CASE("tanh of infinity is one, and of NaN is NaN, in every lane", "[kernels][tanh]") {
    for_each_set([](const Kernels& k) {
        for (Eigen::Index lane = 0; lane < 16; ++lane) {
            VectorXd x = VectorXd::Constant(16, 0.5);
            x(lane) = NAN;
            const VectorXd with_nan = applied(fire(k, Activation::tanh), x);
            REQUIRE(std::isnan(with_nan(lane)));
            REQUIRE(with_nan.array().isNaN().count() == 1);
            for (const double sign : {1.0, -1.0}) {
                x(lane) = sign * INFINITY;
                REQUIRE(applied(fire(k, Activation::tanh), x)(lane) == sign);
            }
        }
    });
}

TEST_CASE("tanh never leaves [-1, 1] and never falls", "[kernels][tanh]") {
    for_each_set([](const Kernels& k) {
        const VectorXd x = VectorXd::LinSpaced(400'001, -25.0, 25.0),
                       r = applied(fire(k, Activation::tanh), x);
        REQUIRE(r.cwiseAbs().maxCoeff() <= 1.0);
        // Neighbours may differ by the error of each.
        REQUIRE((r.tail(r.size() - 1) - r.head(r.size() - 1)).minCoeff() >= -4.5e-16);
    });
}

TEST_CASE("each activation and its slope follow their equations", "[kernels]") {
    const VectorXd x = VectorXd::LinSpaced(20'001, -40.0, 40.0);
    for_each_set([&](const Kernels& k) {
        for (const Activation phi : of_cells) {
            INFO("activation " << int(phi));
            const VectorXd rate = applied(fire(k, phi), x), derivative = applied(slope(k, phi), x);
            double worst_rate = 0.0, worst_slope = 0.0;
            for (Eigen::Index i = 0; i < x.size(); ++i) {
                const auto truth = double(phi_of(phi, x(i)));
                worst_rate = std::max(worst_rate,
                                      std::abs(rate(i) - truth) / std::max(1.0, std::abs(truth)));
                worst_slope =
                    std::max(worst_slope, std::abs(derivative(i) - double(slope_of(phi, x(i)))));
            }
            REQUIRE(worst_rate <= 4e-16);
            REQUIRE(worst_slope <= 1e-15);
        }
    });
}

TEST_CASE("firing retains part of the rate and gains part of the activation", "[kernels]") {
    const VectorXd x = normal_vector(13, 1), before = normal_vector(13, 2);
    for_each_set([&](const Kernels& k) {
        for (const Activation phi : of_cells) {
            const VectorXd rate = applied(fire(k, phi), x, 0.7, 0.3, before);
            for (Eigen::Index i = 0; i < x.size(); ++i) {
                const double expected = 0.7 * before(i) + 0.3 * double(phi_of(phi, x(i)));
                REQUIRE(std::abs(rate(i) - expected) <= 1e-15 * (1.0 + std::abs(expected)));
            }
        }
    });
}

TEST_CASE("firing that retains nothing does not see the rate before", "[kernels]") {
    const VectorXd x = normal_vector(13, 1);
    for_each_set([&](const Kernels& k) {
        for (const Activation phi : of_cells) {
            const VectorXd clean = applied(fire(k, phi), x, 0.0, 1.0, VectorXd::Zero(13)),
                           after_nan =
                               applied(fire(k, phi), x, 0.0, 1.0, VectorXd::Constant(13, NAN));
            REQUIRE(clean == after_nan);
        }
    });
}

TEST_CASE("softmax is the normalised exponential", "[kernels][softmax]") {
    for_each_set([](const Kernels& k) {
        for (Eigen::Index n = 1; n <= 40; ++n) {
            const VectorXd v = 3.0 * normal_vector(n, unsigned(n)), y = applied(k.softmax, v);
            const VectorXd exponential = v.array().exp();
            REQUIRE((y - exponential / exponential.sum()).cwiseAbs().maxCoeff() <= 1e-15);
            REQUIRE(std::abs(y.sum() - 1.0) <= 1e-15);
        }
    });
}

TEST_CASE("softmax survives logits of a thousand", "[kernels][softmax]") {
    for_each_set([](const Kernels& k) {
        const VectorXd y = applied(k.softmax, Eigen::Vector4d(1000.0, -1000.0, 999.0, 1000.0));
        const double sum = 2.0 + std::exp(-1.0);
        REQUIRE(y(0) == Approx(1.0 / sum).epsilon(1e-14));
        REQUIRE(y(1) == 0.0);
        REQUIRE(y(2) == Approx(std::exp(-1.0) / sum).epsilon(1e-14));
        REQUIRE(y(3) == y(0));
        REQUIRE(std::abs(y.sum() - 1.0) <= 1e-15);
        REQUIRE(applied(k.softmax, VectorXd::Constant(3, -1000.0)).isConstant(1.0 / 3, 1e-15));
    });
}

namespace {

// In two ranges.
bool all_finite(const Kernels& k, const PaddedNumbers& numbers, std::size_t count) {
    const Range ranges[] = {{numbers.data(), 8}, {numbers.data() + 8, count - 8}};
    return k.all_finite(ranges, 2);
}

}  // namespace

TEST_CASE("one number that is not finite is found in any lane", "[kernels]") {
    for_each_set([](const Kernels& k) {
        for (const double bad : {double(NAN), double(INFINITY), -double(INFINITY)}) {
            for (std::size_t at = 0; at < 32; ++at) {
                PaddedNumbers numbers = padded_vector(normal_vector(32, 1));
                REQUIRE(all_finite(k, numbers, 32));
                numbers.data()[at] = bad;
                REQUIRE_FALSE(all_finite(k, numbers, 32));
            }
        }
    });
}

TEST_CASE("the largest and smallest numbers are finite", "[kernels]") {
    for_each_set([](const Kernels& k) {
        for (const double extreme : {Limits::max(), Limits::lowest(), Limits::denorm_min(), -0.0}) {
            const PaddedNumbers numbers = padded_vector(VectorXd::Constant(64, extreme));
            REQUIRE(all_finite(k, numbers, 64));
        }
        REQUIRE(k.all_finite(nullptr, 0));
    });
}

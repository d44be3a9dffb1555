// How exact tanh is, with the C library's long double as the truth: 64 bits of which all but the
// last one or two are right, where a double has 53.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cfloat>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "tests/sim/engine/kernels/padded_numbers.hpp"

using namespace apical;

namespace {

using Limits = std::numeric_limits<double>;

// Arguments all over the range, and more of them where a method changes: around multiples of ln 2 /
// 4, at which e^2x is taken from another power of two, and around the eighths.
std::vector<double> arguments() {
    std::mt19937_64 draws(1);
    const auto uniform = [&](double from, double to) {
        return std::uniform_real_distribution(from, to)(draws);
    };
    std::vector<double> all;
    for (int k = 0; k < 20'000; ++k) all.push_back(uniform(0.0, 0.02));
    for (int k = 0; k < 400'000; ++k) all.push_back(uniform(0.0, 1.0));
    for (int k = 0; k < 100'000; ++k) all.push_back(uniform(1.0, 22.0));
    for (int k = 0; k < 50'000; ++k)
        all.push_back(std::ldexp(uniform(1.0, 2.0), -static_cast<int>(draws() % 1074)));
    for (int k = 1; k < 80; ++k) {
        for (const double middle : {k * std::log(2.0) / 4, k / 8.0}) {
            for (int step = -500; step <= 500; ++step)
                all.push_back(middle * (1.0 + step * Limits::epsilon()));
        }
    }
    return all;
}

// The distance between the doubles beside a number.
long double unit_of(long double truth) {
    int exponent = 0;
    std::frexp(std::max(truth, static_cast<long double>(Limits::min())), &exponent);
    return std::ldexp(1.0L, exponent - Limits::digits);
}

std::vector<double> tanh_by(const Kernels& kernels, const std::vector<double>& x) {
    const PaddedNumbers in =
        padded_vector(Eigen::Map<const Eigen::VectorXd>(x.data(), Eigen::Index(x.size())));
    PaddedNumbers out = in;
    Step step;
    step.out = out.data();
    step.a = in.data();
    step.rows = x.size();
    step.retain = 0.0;
    kernels.fire.tanh(step);
    return {out.data(), out.data() + x.size()};
}

}  // namespace

TEST_CASE("tanh is within one unit in the last place of the true value", "[kernels][tanh]") {
    if (LDBL_MANT_DIG < 64) return;  // the truth is no better than what is tested
    const std::vector<double> x = arguments();
    std::vector<long double> truth;
    for (const double one : x) truth.push_back(std::tanh(static_cast<long double>(one)));
    for (const Kernels* kernels : all_instruction_sets()) {
        const std::vector<double> found = tanh_by(*kernels, x);
        long double worst = 0;
        double where = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            const long double error = std::abs(found[i] - truth[i]) / unit_of(truth[i]);
            if (!(error <= worst)) {
                worst = error;
                where = x[i];
            }
        }
        CAPTURE(kernels->instruction_set, where);
        CHECK(worst <= 1.0L);
    }
}

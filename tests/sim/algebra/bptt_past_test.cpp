// Eq. (1), cut off after a window, beside RTRL.
#include "sim/algebra/bptt_past.hpp"

#include <catch2/catch.hpp>

#include "sim/algebra/rtrl.hpp"
#include "tests/sim/algebra/random_network.hpp"

namespace {

using namespace apical;
using namespace apical::algebra;

constexpr int steps = 12;

struct Shown {
    Draws draws{3};
    RandomNetwork network{draws, 5, 2, 3, steps};
};

double distance(const Matrix& found, const Matrix& expected) {
    return (found - expected).cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("truncated BPTT of the past is RTRL while its window holds all steps", "[algebra]") {
    for (const Loss loss : {Loss::cross_entropy, Loss::mean_square}) {
        for (const double alpha : {0.2, 1.0}) {
            Shown shown;
            const Settings settings{.alpha = alpha, .loss = loss};
            Rtrl rtrl(settings, shown.network.start);
            BpttPast bptt(settings, shown.network.start, steps);
            for (std::size_t t = 0; t < shown.network.steps(); ++t) {
                rtrl.step(shown.network.x[t], shown.network.label[t]);
                bptt.step(shown.network.x[t], shown.network.label[t]);
                REQUIRE(distance(bptt.G, rtrl.G) < 1e-12);
            }
        }
    }
}

TEST_CASE("truncated BPTT of the past is RTRL that began a window ago", "[algebra]") {
    for (const std::size_t window : {1, 2, 5}) {
        Shown shown;
        const auto& [settings, start, x, label] = shown.network;
        BpttPast bptt(settings, start, window);
        std::vector<Vector> rates = {start.r};
        for (std::size_t t = 0; t < shown.network.steps(); ++t) {
            bptt.step(x[t], label[t]);
            rates.push_back(bptt.r);
            if (t + 1 < window) continue;
            const std::size_t begin = t + 1 - window;
            Start later = start;
            later.r = rates[begin];
            Rtrl rtrl(settings, later);
            for (std::size_t s = begin; s <= t; ++s) rtrl.step(x[s], label[s]);
            REQUIRE(distance(bptt.G, rtrl.G) < 1e-12);
        }
    }
}

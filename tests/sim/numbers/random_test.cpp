#include "sim/numbers/random.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <vector>

using namespace apical;

namespace {

constexpr std::uint64_t draws = 100'000;

// Random123's published answer: the counter as step and index, the key as seed and a name that has
// the hash.
struct Answer {
    std::uint64_t step, index;
    std::uint32_t seed;
    const char* name;
    std::uint64_t first, second;  // output words 1, 0 and 3, 2
};

constexpr Answer published[] = {
    {0, 0, 0, "ppkttia", 0xe169c58d6627e8d5, 0x9b00dbd8bc57ac4c},
    {~0ull, ~0ull, 0xffffffff, "prezece", 0x41c83b0e408f276d, 0x6d5451fda20bc7c6},
    {0x0370734413198a2e, 0x85a308d3243f6a88, 0xa4093822, "agxycaem", 0x94fdccebd16cfe09,
     0x24126ea15001e420},
};

double unit(std::uint64_t word) {
    return (std::floor(static_cast<double>(word >> 12)) + 0.5) / std::pow(2.0, 52);
}

struct Moments {
    double mean = 0.0, variance = 0.0, skewness = 0.0, kurtosis = 0.0;
};

template <class Draw>
Moments moments(Draw draw) {
    std::vector<double> x;
    for (std::uint64_t k = 0; k < draws; ++k) x.push_back(draw(k));
    const auto mean = [&](auto f) {
        double sum = 0.0;
        for (const double v : x) sum += f(v);
        return sum / static_cast<double>(draws);
    };
    const double m = mean([](double v) { return v; });
    const double s2 = mean([&](double v) { return std::pow(v - m, 2); });
    return {m, s2, mean([&](double v) { return std::pow((v - m) / std::sqrt(s2), 3); }),
            mean([&](double v) { return std::pow((v - m) / std::sqrt(s2), 4); })};
}

// Five standard errors of a mean of `draws` numbers with this deviation.
double five_errors(double deviation) {
    return 5.0 * deviation / std::sqrt(static_cast<double>(draws));
}

template <class A, class B>
double correlation_of_uniforms(A a, B b) {
    double sum = 0.0;
    for (std::uint64_t k = 0; k < draws; ++k) sum += (a(k) - 0.5) * (b(k) - 0.5);
    return 12.0 * sum / static_cast<double>(draws);
}

}  // namespace

TEST_CASE("bits are Philox4x32-10 as published", "[random]") {
    for (const Answer& a : published) {
        REQUIRE(Stream(a.seed, a.name).bits(a.step, a.index) == a.first);
    }
}

TEST_CASE("words are the outputs of Philox4x32-10 one after the other", "[random]") {
    // The first two published answers are of the steps 0 and 2^64 - 1; words are of step 0.
    const Answer& a = published[0];
    const Stream stream(a.seed, a.name);
    CHECK(stream.word(0) == 0x6627e8d5u);
    CHECK(stream.word(1) == 0xe169c58du);
    CHECK(stream.word(2) == 0xbc57ac4cu);
    CHECK(stream.word(3) == 0x9b00dbd8u);
    for (std::uint64_t block = 0; block < 100; ++block) {
        CHECK((stream.word(4 * block) | std::uint64_t{stream.word(4 * block + 1)} << 32) ==
              stream.bits(0, block));
    }
}

TEST_CASE("a uniform draw is the middle of one of 2^52 equal intervals", "[random]") {
    for (const Answer& a : published) {
        REQUIRE(Stream(a.seed, a.name).uniform(a.step, a.index) == unit(a.first));
    }
}

TEST_CASE("a normal draw is Box and Muller's cosine of two uniform draws", "[random]") {
    for (const Answer& a : published) {
        const double expected = std::sqrt(-2.0 * std::log(unit(a.first))) *
                                std::cos(2.0 * std::numbers::pi * unit(a.second));
        REQUIRE(Stream(a.seed, a.name).normal(a.step, a.index) == Approx(expected).epsilon(1e-14));
    }
}

TEST_CASE("uniform draws have the moments of the uniform distribution", "[random]") {
    const Stream stream(1, "moments");
    for (const bool over_steps : {false, true}) {
        const Moments m = moments([&](std::uint64_t k) {
            return over_steps ? stream.uniform(k, 0) : stream.uniform(0, k);
        });
        REQUIRE(std::abs(m.mean - 0.5) < five_errors(std::sqrt(1.0 / 12)));
        REQUIRE(std::abs(m.variance - 1.0 / 12) < five_errors(std::sqrt(1.0 / 180)));
        REQUIRE(std::abs(m.kurtosis - 1.8) < 0.02);
    }
}

TEST_CASE("uniform draws stay inside (0, 1)", "[random]") {
    const Stream stream(2, "bounds");
    for (std::uint64_t k = 0; k < draws; ++k) {
        const double u = stream.uniform(k, 3);
        REQUIRE((0.0 < u && u < 1.0));
    }
}

TEST_CASE("normal draws have the first four moments of N(0, 1)", "[random]") {
    const Stream stream(3, "moments");
    for (const bool over_steps : {false, true}) {
        const Moments m = moments([&](std::uint64_t k) {
            return over_steps ? stream.normal(k, 0) : stream.normal(0, k);
        });
        REQUIRE(std::abs(m.mean) < five_errors(1.0));
        REQUIRE(std::abs(m.variance - 1.0) < five_errors(std::sqrt(2.0)));
        REQUIRE(std::abs(m.skewness) < five_errors(std::sqrt(6.0)));
        REQUIRE(std::abs(m.kurtosis - 3.0) < five_errors(std::sqrt(24.0)));
    }
}

TEST_CASE("each of the sixty-four bits is fair and independent of its neighbour", "[random]") {
    const Stream stream(4, "bits");
    std::vector<int> ones(64), equal(64);
    for (std::uint64_t k = 0; k < draws; ++k) {
        const std::uint64_t bits = stream.bits(0, k), turned = bits >> 1 | bits << 63;
        for (std::size_t b = 0; b < 64; ++b) {
            ones[b] += static_cast<int>(bits >> b & 1);
            equal[b] += static_cast<int>(~(bits ^ turned) >> b & 1);
        }
    }
    for (std::size_t b = 0; b < 64; ++b) {
        REQUIRE(std::abs(ones[b] / double(draws) - 0.5) < five_errors(0.5));
        REQUIRE(std::abs(equal[b] / double(draws) - 0.5) < five_errors(0.5));
    }
}

TEST_CASE("streams of other names, seeds, steps and indices are uncorrelated", "[random]") {
    const Stream a(5, "init/W_rec"), other_name(5, "init/W_in"), other_seed(6, "init/W_rec");
    const auto base = [&](std::uint64_t k) { return a.uniform(0, k); };
    const auto correlation = [&](auto other) { return correlation_of_uniforms(base, other); };
    const double limit = five_errors(1.0);
    REQUIRE(std::abs(correlation([&](auto k) { return other_name.uniform(0, k); })) < limit);
    REQUIRE(std::abs(correlation([&](auto k) { return other_seed.uniform(0, k); })) < limit);
    REQUIRE(std::abs(correlation([&](auto k) { return a.uniform(1, k); })) < limit);
    REQUIRE(std::abs(correlation([&](auto k) { return a.uniform(0, k + 1); })) < limit);
}

TEST_CASE("the upper halves of step and index matter", "[random]") {
    const Stream stream(7, "wide");
    const std::uint64_t far = 1ull << 32;
    REQUIRE(stream.bits(0, 0) != stream.bits(far, 0));
    REQUIRE(stream.bits(0, 0) != stream.bits(0, far));
    REQUIRE(stream.bits(far, 0) != stream.bits(0, far));
}

TEST_CASE("a draw depends on nothing but seed, name, step and index", "[random]") {
    const Stream stream(8, "task/input");
    const double first = stream.normal(12, 34);
    for (std::uint64_t k = 0; k < 100; ++k) (void)stream.normal(k, 34);
    const Stream unrelated(8, "noise");
    (void)unrelated.bits(12, 34);
    REQUIRE(stream.normal(12, 34) == first);
    REQUIRE(Stream(8, std::string("task/") + "input").normal(12, 34) == first);
}

// Draws of noise by kernels: words and uniform numbers of the stream to the bit, normal ones
// against Box and Muller's equation in more digits, and no bit that depends on the kernels.
#include <Random123/philox.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <numbers>

#include "sim/numbers/random.hpp"
#include "tests/sim/engine/kernels/padded_numbers.hpp"

using namespace apical;

namespace {

constexpr double deviation = 0.3, probability = 0.125;
const Stream stream(7, "noise/x");

NoiseDraws draws_of(std::uint64_t step, std::size_t count) {
    return {stream.seed(), stream.name(), step, count, deviation, probability};
}

// With what is no number behind them, where a kernel writes pads.
PaddedNumbers drawn(KernelOfDraws kernel, std::uint64_t step, std::size_t count) {
    PaddedNumbers numbers(count);
    std::fill_n(numbers.data(), numbers.padded_size(), std::nan(""));
    kernel(draws_of(step, count), numbers.data());
    return numbers;
}

// (k + 1/2) 2^-52 with k of the highest 52 bits.
long double unit(std::uint64_t bits) {
    return (static_cast<long double>(bits >> 12) + 0.5L) * 0x1p-52L;
}

// cos(2 pi u) as the sine of what is left to a quarter of a turn, which is exact where it is small.
long double box_and_muller(std::uint64_t step, std::uint64_t index) {
    const auto half = [](std::uint64_t number, int k) {
        return static_cast<std::uint32_t>(number >> (32 * k));
    };
    const auto words =
        r123::Philox4x32()({{half(index, 0), half(index, 1), half(step, 0), half(step, 1)}},
                           {{stream.seed(), stream.name()}});
    const long double u = unit(words[0] | std::uint64_t{words[1]} << 32),
                      v = unit(words[2] | std::uint64_t{words[3]} << 32);
    return std::sqrt(-2.0L * std::log(u)) *
           std::sin(2.0L * std::numbers::pi_v<long double> * (std::abs(v - 0.5L) - 0.25L));
}

const std::uint64_t drawn_steps[] = {1, 2, 12345, 0xffffffff, 0x123456789abcdef0};
const std::size_t counts[] = {1, 5, 8, 15, 16, 17, 33, 200};

std::vector<const Kernels*> all_kernels() {
    std::vector<const Kernels*> all = kernels_that_round(Rounding::strict);
    for (const Kernels* kernels : kernels_that_round(Rounding::fused)) all.push_back(kernels);
    return all;
}

void require_zero_pads(const PaddedNumbers& numbers) {
    for (std::size_t i = numbers.size(); i < numbers.padded_size(); ++i)
        REQUIRE(numbers.data()[i] == 0.0);
}

}  // namespace

TEST_CASE("normal draws of kernels are Box and Muller's within units in the last place",
          "[noise][kernels]") {
    double worst = 0.0, all = 0.0;
    std::size_t count = 0;
    for (std::uint64_t step = 1; step <= 300; ++step) {
        const PaddedNumbers numbers = drawn(best_kernels().draw_normal, step, 100);
        for (std::size_t i = 0; i < 100; ++i, ++count) {
            const long double expected = deviation * box_and_muller(step, i);
            const double near = static_cast<double>(expected),
                         unit_there = std::nextafter(std::abs(near), 1e9) - std::abs(near),
                         off = static_cast<double>(std::abs(expected - numbers.data()[i]));
            worst = std::max(worst, off / unit_there);
            all += off / unit_there;
        }
    }
    CHECK(worst < 5.0);
    CHECK(all / static_cast<double>(count) < 1.0);
}

TEST_CASE("uniform and sparse draws of kernels are those of the stream to the bit",
          "[noise][kernels]") {
    for (const Kernels* kernels : all_kernels()) {
        for (const std::uint64_t step : drawn_steps) {
            for (const std::size_t count : counts) {
                INFO(kernels->instruction_set << ", step " << step << ", " << count << " cells");
                const PaddedNumbers uniform = drawn(kernels->draw_uniform, step, count),
                                    sparse = drawn(kernels->draw_sparse, step, count);
                for (std::size_t i = 0; i < count; ++i) {
                    const double u = stream.uniform(step, i),
                                 some = u < probability ? 2.0 * (u / probability) - 1.0 : 0.0;
                    REQUIRE(uniform.data()[i] == deviation * (2.0 * u - 1.0));
                    REQUIRE(sparse.data()[i] == deviation * some);
                }
                require_zero_pads(uniform);
                require_zero_pads(sparse);
            }
        }
    }
}

TEST_CASE("normal draws have the same bits with all kernels, and however many cells there are",
          "[noise][kernels]") {
    for (const std::uint64_t step : drawn_steps) {
        const PaddedNumbers many = drawn(best_kernels().draw_normal, step, 200);
        for (const Kernels* kernels : all_kernels()) {
            for (const std::size_t count : counts) {
                INFO(kernels->instruction_set << ", step " << step << ", " << count << " cells");
                const PaddedNumbers some = drawn(kernels->draw_normal, step, count);
                REQUIRE(std::memcmp(some.data(), many.data(), count * sizeof(double)) == 0);
                require_zero_pads(some);
            }
        }
    }
}

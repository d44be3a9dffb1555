#include "sim/numbers/random.hpp"

#include <Random123/philox.h>

#include <cmath>
#include <numbers>

namespace apical {

namespace {

std::uint32_t low(std::uint64_t number) { return static_cast<std::uint32_t>(number); }
std::uint32_t high(std::uint64_t number) { return static_cast<std::uint32_t>(number >> 32); }

// Two words of Philox's four; a draw of one kind always takes the same words.
struct Draw {
    std::uint64_t first, second;
};

Draw philox(std::uint32_t seed, std::uint32_t name, std::uint64_t step, std::uint64_t index) {
    const r123::Philox4x32::ctr_type counter = {{low(index), high(index), low(step), high(step)}};
    const r123::Philox4x32::key_type key = {{seed, name}};
    const auto words = r123::Philox4x32()(counter, key);
    return {words[0] | std::uint64_t{words[1]} << 32, words[2] | std::uint64_t{words[3]} << 32};
}

// (k + 1/2) 2^-52 with k of 52 bits. With one bit more in k the sum could round to 1.
double between_zero_and_one(std::uint64_t bits) {
    return (static_cast<double>(bits >> 12) + 0.5) * 0x1p-52;
}

}  // namespace

// FNV-1a, 32 bits.
std::uint32_t Stream::key_of(std::string_view name) {
    std::uint32_t value = 2166136261u;
    for (const char c : name) {
        value ^= static_cast<unsigned char>(c);
        value *= 16777619u;
    }
    return value;
}

Stream::Stream(std::uint32_t seed, std::string_view name) : seed_(seed), name_(key_of(name)) {}

std::array<std::uint32_t, 4> Stream::words(std::uint64_t k) const {
    const Draw draw = philox(seed_, name_, 0, k);
    return {low(draw.first), high(draw.first), low(draw.second), high(draw.second)};
}

std::uint64_t Stream::bits(std::uint64_t step, std::uint64_t index) const {
    return philox(seed_, name_, step, index).first;
}

double Stream::uniform(std::uint64_t step, std::uint64_t index) const {
    return between_zero_and_one(bits(step, index));
}

double Stream::normal(std::uint64_t step, std::uint64_t index) const {
    const Draw draw = philox(seed_, name_, step, index);
    const double radius = std::sqrt(-2.0 * std::log(between_zero_and_one(draw.first)));
    return radius * std::cos(2.0 * std::numbers::pi * between_zero_and_one(draw.second));
}

}  // namespace apical

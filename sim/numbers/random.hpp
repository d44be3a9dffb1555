#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace apical {

// A named stream of random numbers. A draw depends on (seed, name, step, index) and on nothing
// else, so that no recorder, population or thread can shift another stream. Philox4x32-10 (Salmon
// et al. 2011) keyed by the seed and a hash of the name.
class Stream {
public:
    Stream(std::uint32_t seed, std::string_view name);

    // What a name is hashed to. Two names of one key are one stream, which a model must not have
    // (sim/model/streams.hpp).
    static std::uint32_t key_of(std::string_view name);

    // What Philox is keyed by, for who draws many numbers at once.
    std::uint32_t seed() const { return seed_; }
    std::uint32_t name() const { return name_; }

    // A number in (0, 1), with 53 bits.
    double uniform(std::uint64_t step, std::uint64_t index) const;
    // N(0, 1) by Box and Muller.
    double normal(std::uint64_t step, std::uint64_t index) const;
    // The stream read as one sequence of 32-bit words, four at a time: words 4 k to 4 k + 3 are
    // Philox's outputs of counter k. They are those of `bits` in step 0.
    std::array<std::uint32_t, 4> words(std::uint64_t k) const;
    std::uint32_t word(std::uint64_t k) const { return words(k / 4)[k % 4]; }
    // Sixty-four independent fair bits.
    std::uint64_t bits(std::uint64_t step, std::uint64_t index) const;

private:
    std::uint32_t seed_;
    std::uint32_t name_;
};

}  // namespace apical

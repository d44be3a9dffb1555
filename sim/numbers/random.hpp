#pragma once

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

    // A number in (0, 1), with 53 bits.
    double uniform(std::uint64_t step, std::uint64_t index) const;
    // N(0, 1) by Box and Muller.
    double normal(std::uint64_t step, std::uint64_t index) const;
    // Sixty-four independent fair bits.
    std::uint64_t bits(std::uint64_t step, std::uint64_t index) const;

private:
    std::uint32_t seed_;
    std::uint32_t name_;
};

}  // namespace apical

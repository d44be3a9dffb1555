#pragma once

#include <bit>
#include <cstdint>

#include "sim/numbers/random.hpp"

namespace apical {

// The order in which so many items are shown, each once in an epoch: in each epoch another one.
// Item k of it is found without the others: place and epoch go through a Feistel network on the
// smallest square of a power of two that holds all places, again and again until the place is one
// of an item (Black and Rogaway 2002). Each round is a bijection, whatever it draws.
class EpochOrder {
public:
    // At least one item. Draws are by the epoch, the round and half of a place.
    EpochOrder(std::uint64_t items, const Stream& stream)
        : items_(items),
          half_(static_cast<unsigned>(std::bit_width(items - 1) + 1) / 2),
          mask_((std::uint64_t{1} << half_) - 1),
          stream_(stream) {}

    std::uint64_t items() const { return items_; }

    // The item that is shown as number k, both counted from 0.
    std::uint64_t item(std::uint64_t k) const {
        const std::uint64_t epoch = k / items_;
        std::uint64_t place = k % items_;
        do {
            place = permuted(epoch, place);
        } while (place >= items_);
        return place;
    }

private:
    // Six rounds leave orders of eight items in which neighbours differ by a tenth in how often
    // they come.
    static constexpr std::uint64_t rounds = 16;

    std::uint64_t permuted(std::uint64_t epoch, std::uint64_t place) const {
        std::uint64_t left = place >> half_, right = place & mask_;
        for (std::uint64_t round = 0; round < rounds; ++round) {
            const std::uint64_t mixed = left ^ (stream_.bits(epoch, round << 32 | right) & mask_);
            left = right;
            right = mixed;
        }
        return left << half_ | right;
    }

    std::uint64_t items_;
    unsigned half_;  // bits
    std::uint64_t mask_;
    Stream stream_;
};

}  // namespace apical

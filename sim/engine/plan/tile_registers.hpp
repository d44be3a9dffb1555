#pragma once

#include <cstdint>
#include <vector>

#include "sim/engine/kernels/kernels.hpp"

namespace apical {

// The registers of a program while it is written. Registers of entries and columns, with
// `register_entries` each, are given back and taken again. What is one for each row or for all is
// made before the tiles of a panel are gone through: it stays, in a register of a panel's rows.
class TileRegisters {
public:
    // A free register for values that are one for each of these. There are more without end, and
    // the kind says how many may be alive.
    std::uint32_t take(At over) {
        if (over == At::row || over == At::number) return stays | stay_count_++;
        std::uint32_t k = 0;
        while (k < taken_.size() && taken_[k]) ++k;
        if (k == taken_.size()) taken_.push_back(false);
        taken_[k] = true;
        return k;
    }
    // One of entries that no value has had before, nor will have: what is there before the first
    // instruction stays.
    std::uint32_t take_new() {
        taken_.push_back(true);
        return static_cast<std::uint32_t>(taken_.size() - 1);
    }
    void give_back(std::uint32_t one) {
        if ((one & stays) == 0) taken_[one] = false;
    }

    // The place where a register begins when all have been taken, and the count of numbers of all
    // together.
    std::uint32_t place(std::uint32_t one) const {
        const auto entries = static_cast<std::uint32_t>(taken_.size() * register_entries);
        if ((one & stays) == 0) return one * static_cast<std::uint32_t>(register_entries);
        return entries + (one & ~stays) * static_cast<std::uint32_t>(panel_rows);
    }
    std::size_t numbers() const { return place(stays | stay_count_); }

private:
    static constexpr std::uint32_t stays = std::uint32_t{1} << 31;
    std::vector<bool> taken_;
    std::uint32_t stay_count_ = 0;
};

}  // namespace apical

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "circuits/anatomy/recurrent_network.hpp"
#include "sim/algebra/network.hpp"
#include "sim/engine/state.hpp"
#include "sim/verify/verification.hpp"

namespace apical {

// Quantities of a circuit beside those of equations, step by step.
class Comparison {
public:
    // Compares after `step`, counted from 1. The references must outlive this.
    Comparison(const State& state, std::int64_t step, Differences& differences)
        : state_(state), step_(step), differences_(differences) {}

    // Slots of as many rows beside each other are `expected`. What no operation writes, the loss,
    // is made with the quantity that was compared before it. Throws Error{numerical_failure} that
    // names the entry and its statement when a number is finite in neither, while nothing was off.
    void same(std::string_view symbol, const std::vector<SlotId>& slots,
              const algebra::Matrix& expected);
    // What has been read of the slots is `expected`.
    void same(std::string_view symbol, const std::vector<SlotId>& slots,
              const algebra::Matrix& found, const algebra::Matrix& expected);

    // What the slots keep, one behind the other in a column: stored by rows, by synapse.
    void same_kept(std::string_view symbol, const std::vector<SlotId>& slots,
                   const algebra::Matrix& found, const algebra::Matrix& expected);

private:
    struct Entry {
        SlotId slot;
        std::ptrdiff_t number;
    };
    using EntryAt = Entry (*)(const Program& program, const std::vector<SlotId>& slots,
                              Eigen::Index row, Eigen::Index column);
    void compare(std::string_view symbol, const std::vector<SlotId>& slots, EntryAt entry_at,
                 const algebra::Matrix& found, const algebra::Matrix& expected);
    void check_finite(const std::vector<SlotId>& slots, EntryAt entry_at,
                      const algebra::Matrix& found, const algebra::Matrix& expected) const;
    static Entry entry_beside(const Program& program, const std::vector<SlotId>& slots,
                              Eigen::Index row, Eigen::Index column);
    static Entry entry_behind(const Program& program, const std::vector<SlotId>& slots,
                              Eigen::Index row, Eigen::Index column);
    Difference& row(std::string_view symbol, const std::vector<SlotId>& slots);

    const State& state_;
    std::int64_t step_;
    Differences& differences_;
};

}  // namespace apical

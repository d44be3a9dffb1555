#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "sim/engine/kernels/kernels.hpp"

namespace apical {

// Eight numbers that fill a register.
struct alignas(lanes * sizeof(double)) Numbers {
    double of[lanes];
};

// What the steps of a plan write beside the slots of its state: whether each deferred change is
// due, copies of the vectors that it will be made of, and sums on their way to a slot. A plan asks
// for room while it is made, and its steps point there; a run writes there and asks for none. The
// same plans made in the same order ask for the same room. A copy has the values, elsewhere.
class StepMemory {
public:
    // Room for so many numbers, rounded up to a multiple of eight; they are zero. Addresses stay.
    double* numbers(std::size_t count);
    // Room for whether a change is due, which it is not at first. The address stays.
    bool* flag();

    // No change is due any more.
    void discard();
    bool has_deferred() const;

    // Takes the values of a memory that the same room was asked of.
    void take(const StepMemory& other);

private:
    std::deque<std::vector<Numbers>> numbers_;
    std::deque<bool> due_;
};

}  // namespace apical

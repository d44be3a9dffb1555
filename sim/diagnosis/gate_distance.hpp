#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/diagnosis/diagnosed.hpp"
#include "sim/diagnosis/summary.hpp"
#include "sim/engine/state.hpp"

namespace apical {

// How far a gate is from what its `during` says: |g - 1| in the phases in which it is meant to be
// open, |g| in the others, on average over the gated cells and the time of a step.
class GateDistance {
public:
    // All references must outlive this.
    GateDistance(const Circuit& circuit, State& state, const WatchedGate& watched);

    void after_phase(std::size_t phase);
    void end_step();
    GateLine line() const;
    template <class Archive>
    void persist(Archive& archive) {
        archive(sum_, steps_);
    }

private:
    const Circuit& circuit_;
    State& state_;
    const WatchedGate& watched_;
    double of_step_ = 0.0, sum_ = 0.0;
    std::int64_t steps_ = 0;
};

}  // namespace apical

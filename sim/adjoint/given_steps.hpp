#pragma once

#include <cstdint>
#include <vector>

#include "sim/adjoint/adjoint_run.hpp"

namespace apical {

// What comes from outside in a stretch of steps: inputs, labels, draws, when gates move, and where
// trials begin and with what. It is taken once and given again, so that the same steps can be gone
// through with other strengths.
class GivenSteps {
public:
    // The program and the run must outlive this.
    explicit GivenSteps(AdjointRun& run);

    std::size_t steps() const { return numbers_.size(); }
    // Before a step is performed, once: what the state has of it, and the phase that its loss is
    // of.
    void take_step(std::size_t loss_phase);
    // What has been drawn where a phase begins.
    void take(std::size_t phase);
    // Performs the steps, numbered from `first` on, and returns the sum of their losses.
    double perform(std::int64_t first);

private:
    struct Given {
        SlotId slot;
        PhaseId phase;  // in which it is drawn; unset: where the step begins
        std::size_t place = 0;
    };
    void give(std::size_t step, PhaseId phase);

    AdjointRun& run_;
    std::vector<Given> given_;
    std::size_t size_ = 0;
    std::vector<std::vector<double>> numbers_;  // by step
    std::vector<std::size_t> loss_phases_;      // by step
};

}  // namespace apical

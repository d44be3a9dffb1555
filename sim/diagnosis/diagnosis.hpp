#pragma once

#include <vector>

#include "sim/diagnosis/alignment.hpp"
#include "sim/diagnosis/change.hpp"
#include "sim/diagnosis/jacobian_error.hpp"

namespace apical {

// Watches a run as its model asks. Of the state it writes only the slots of what it measures, so
// the run is the same to the last bit.
class Diagnosis {
public:
    // The state is that before the first step. All references must outlive this.
    Diagnosis(const Model& model, const Plan& plan, State& state);
    Diagnosis(const Diagnosis&) = delete;
    Diagnosis& operator=(const Diagnosis&) = delete;

    // Before the first phase of a step: what the step is computed from.
    void begin_step();
    // After the operations of each phase. After the last one all of the step is measured.
    void after_phase(std::size_t phase, std::int64_t step);

    const std::vector<Alignment>& alignments() const { return alignments_; }
    // After so many steps.
    DiagnosisSummary summary(std::int64_t step) const;

private:
    void end_step(std::int64_t step);

    const Model& model_;
    RecurrentNetwork network_;
    NetworkNumbers numbers_;
    NetworkMoment moment_;
    std::vector<Alignment> alignments_;
    std::vector<JacobianError> jacobians_;
    std::vector<MatrixChange> changes_;
};

}  // namespace apical

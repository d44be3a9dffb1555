#pragma once

#include <memory>
#include <vector>

#include "sim/diagnosis/adjoint_alignment.hpp"
#include "sim/diagnosis/alignment.hpp"
#include "sim/diagnosis/change.hpp"
#include "sim/diagnosis/gate_distance.hpp"
#include "sim/diagnosis/jacobian_error.hpp"
#include "sim/diagnosis/network_numbers.hpp"

namespace apical {

// Watches a run as its model asks. It writes the slots of what it measures and nothing else of the
// state, so the run is the same to the last bit.
class Diagnosis {
public:
    // The state is that before the first step. The constructor alone reads the plan; model and
    // state must outlive this.
    Diagnosis(const MeasuredModel& model, const Plan& plan, State& state);
    Diagnosis(const Diagnosis&) = delete;
    Diagnosis& operator=(const Diagnosis&) = delete;

    // Before the first phase of a step: what the step is computed from. The phase is that of its
    // loss; SIZE_MAX of a step whose loss does not count.
    void begin_step(std::size_t loss_phase);
    // After the operations of each phase. After the last one all of the step is measured.
    void after_phase(std::size_t phase, std::int64_t step);

    const std::vector<Alignment>& alignments() const { return alignments_; }
    // Begins the means over the headline window anew, for a branch after `step` steps.
    void begin_after(std::int64_t step);
    // The results after `step` steps, whose headline window is `window` steps long.
    DiagnosisSummary summary(std::int64_t step, std::int64_t window) const;
    template <class Archive>
    void persist(Archive& archive) {
        const auto persist_all = [&](auto& all, const char* what) {
            archive.same(static_cast<std::int64_t>(all.size()), what);
            for (auto& one : all) archive(one);
        };
        persist_all(alignments_, "the number of rules that are aligned");
        persist_all(jacobians_, "the number of Jacobians that are learned");
        persist_all(changes_, "the number of matrices that are watched");
        if (adjoint_) archive(*adjoint_);
        if (gates_.empty()) return;
        archive.same(static_cast<std::int64_t>(gates_.size()), "the number of gates watched");
        for (GateDistance& one : gates_) one.persist(archive);
    }

private:
    void end_step(std::int64_t step);

    MeasuredModel model_;
    RecurrentNetwork network_;
    NetworkNumbers numbers_;
    NetworkMoment moment_;
    std::vector<Alignment> alignments_;
    std::vector<JacobianError> jacobians_;
    std::unique_ptr<AdjointDiagnosis> adjoint_;  // null when nothing asks for it
    std::vector<ChangeOfMatrix> changes_;
    std::vector<GateDistance> gates_;
};

}  // namespace apical

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/runs/evaluate.hpp"

namespace apical {

// What the last evaluation of a run came to.
struct FrozenLoss {
    std::int64_t step = 0;    // after which it was
    std::int64_t steps = 0;   // that it counted
    std::int64_t trials = 0;  // that these were; 0: not counted by trials
    MeanError loss = {};
    std::optional<MeanError> error = {};  // the share of wrong choices, where classes are chosen
};

// The least frozen loss of a run on its split "validation".
struct BestLoss {
    std::int64_t step = 0;
    double loss = 0.0;
};

// Evaluates a run while it goes on, as [evaluate] of its model says: before its first step, after
// the steps in between that are due, and after its last one. What the run learned is copied into a
// simulation of its own, frozen, which presents a task of its own with draws of its own: the run
// does not notice by one bit. What `apical evaluate` finds later with the same strengths is the
// same.
class RunEvaluation {
public:
    // Loads the model again, and throws as `load_model` and `frozen_model` (for more steps than the
    // task has).
    RunEvaluation(const Model& model, int threads);

    // `recorder` gets a row of each evaluation; it may be null, and must outlive this.
    void begin(Recorder* recorder) { recorder_ = recorder; }
    bool is_due(std::int64_t step) const { return next_after(step - 1) == step; }
    std::int64_t next_after(std::int64_t step) const;
    // Evaluates what the run has now, between two of its steps. Where a number of the frozen
    // circuit is no longer finite, the loss is not a number. Throws what the recorder throws.
    void evaluate(const Simulation& run);
    std::optional<FrozenLoss> last() const { return last_; }
    // Unset unless evaluations show the split "validation".
    std::optional<BestLoss> best() const { return best_; }

private:
    void write_strengths(const Simulation& run, Simulation& frozen) const;
    void record(std::int64_t step, const Evaluation& found);

    std::int64_t every_, run_steps_;
    int threads_;
    FrozenModel frozen_;
    std::vector<SlotId> taken_;                 // of the frozen program
    std::vector<std::vector<double>> initial_;  // the numbers of its other slots, by slot
    Recorder* recorder_ = nullptr;
    std::optional<FrozenLoss> last_;
    bool validates_;
    std::optional<BestLoss> best_;
};

}  // namespace apical

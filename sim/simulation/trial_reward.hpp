#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "sim/engine/state.hpp"
#include "sim/tasks/task.hpp"

namespace apical {

// What a trial is worth, in place of labels that teach: where the task has classes 1 when the
// largest output is the right one, mean over the steps that count, else 0; of other tasks minus the
// mean loss. What is expected of a trial is a running mean over those of its type.
class TrialReward {
public:
    // Null when no operation of the state's program has the reward. Both must outlive it.
    static std::unique_ptr<TrialReward> of(const Task& task, State& state);

    // A trial of this type begins, behind another one or as the first.
    void begin_trial(int type);
    // A step has counted.
    void add(double loss, std::span<const double> judged, std::span<const double> label);
    // The trial is in its last step: what it is worth so far is there for rules to read.
    void show();

    template <class Archive>
    void persist(Archive& archive) {
        archive(judged_, label_, loss_, steps_, type_, worth_, means_, seen_);
    }

private:
    TrialReward(const Task& task, double* reward, double* expected);
    double worth() const;

    bool softmax_, chooses_;
    double *reward_, *expected_;          // in the state; null of one that nothing reads
    std::vector<double> judged_, label_;  // sums over the steps that counted
    double loss_ = 0.0;
    std::int64_t steps_ = 0;
    int type_ = -1;                     // of the present trial; -1: none has begun
    double worth_ = 0.0;                // of it, so far
    std::vector<double> means_, seen_;  // by type: the running mean, and whether there is one
};

}  // namespace apical

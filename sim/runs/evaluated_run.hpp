#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/run_file/stored_run.hpp"
#include "sim/runs/evaluate.hpp"
#include "sim/runs/stored_strengths.hpp"

namespace apical {

// What of a run is evaluated, and how.
struct EvaluationRequest {
    EvaluationOptions options = {};  // what they leave out is as [evaluate] of the model says
    // Changes of its model, as another task for the same circuit: of the same sizes.
    Overrides overrides = {};
    std::string folder = {};  // that the model's paths of data are relative to, the model file's
    ReadingTrial trial = {};  // of the datasets that it names
    // A population whose cells stand for the types of trials, in the split "train" or on draws of
    // their own, in so many trials (as an evaluation has when nothing says how many).
    std::string assign = {};
    std::optional<std::int64_t> assign_trials = {};
};

// The run of a file with what it learned, frozen: circuit, connectivity and seed are the run's.
//     const StoredRun run("runs/rflo.h5");
//     const EvaluatedRun evaluated(run);
//     const Evaluation last = evaluated.after(evaluated.steps().back());
class EvaluatedRun {
public:
    // The run must outlive this. Throws Error{usage} for changes that nothing would notice (of
    // rules, recordings, initial strengths; of what the options say), and as `frozen_model`,
    // `load_model` and StoredRun.
    explicit EvaluatedRun(const StoredRun& run, const EvaluationRequest& request = {});
    EvaluatedRun(const EvaluatedRun&) = delete;

    const FrozenModel& frozen() const { return frozen_; }
    // The steps after which its strengths are known, rising.
    const std::vector<std::int64_t>& steps() const { return strengths_.steps(); }
    std::int64_t last() const { return strengths_.last(); }  // throws as StoredStrengths::last

    // What it comes to with the strengths of after this step of the run. Throws as
    // StoredStrengths::write and `evaluate`.
    Evaluation after(std::int64_t step, const StopRequest* stop = nullptr) const;
    // What cells that stand for classes choose is part of it where they were asked for. The same,
    // with a run file of the evaluation at `path`, which has what [record] of the model says.
    // Throws also as Recorder, and Error{cannot_create_output} for what is read.
    Evaluation recorded_after(std::int64_t step, const std::string& path, bool force,
                              const StopRequest* stop = nullptr);

    // What its cells stand for with the strengths of after this step; none when none were asked.
    std::optional<AssignedCells> assigned_after(std::int64_t step,
                                                const StopRequest* stop = nullptr) const;
    // Which the cells are assigned in; null when none were asked.
    const FrozenModel* assigning() const { return assigning_ ? &*assigning_ : nullptr; }

private:
    const StoredRun& run_;
    FrozenModel frozen_;
    std::string assign_;
    std::optional<FrozenModel> assigning_;
    StoredStrengths strengths_;
};

}  // namespace apical

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sim/diagnosis/summary.hpp"
#include "sim/loss_curve.hpp"
#include "sim/model.hpp"
#include "sim/plan.hpp"
#include "sim/scheduler.hpp"
#include "sim/state.hpp"

namespace apical {

class Diagnosis;

// What a run came to.
struct RunSummary {
    std::int64_t steps = 0;        // completed
    bool interrupted = false;      // before the planned end
    double seconds = 0.0;          // of stepping and recording
    double loss = 0.0;             // mean over the last tenth of the planned steps
    std::int64_t loss_steps = 0;   // how many steps that is
    std::uint64_t file_bytes = 0;  // of the run file
    DiagnosisSummary diagnosis = {};
};

// A model with its numbers, run once from beginning to end:
//     run.begin(&recorder); while (run.advance()) ...; run.finish();
class WholeRun {
public:
    // In its initial state. The model must outlive this. Throws Error{bad_model} when the memory of
    // the machine cannot hold it or a dataset of initial values does not fit.
    explicit WholeRun(const Model& model, std::int64_t blocks = 1);
    ~WholeRun();

    // `recorder`, which may be null, must outlive this.
    void begin(Recorder* recorder);
    // Steps for about a fiftieth of a second, at least once; whether there are steps left. Throws
    // what the scheduler throws.
    bool advance();
    // What it came to, also before its end. Throws Error{numerical_failure} when the last step made
    // a strength infinite or no number.
    RunSummary finish() const;

    const Scheduler& scheduler() const { return *scheduler_; }
    std::int64_t steps() const { return scheduler_->step(); }  // completed
    const LossCurve& curve() const { return curve_; }          // of `blocks` blocks

private:
    const Model& model_;
    State state_;
    Plan plan_;
    LossCurve curve_;
    std::unique_ptr<Diagnosis> diagnosis_;
    std::optional<Scheduler> scheduler_;
    std::int64_t stride_ = 1;
    double seconds_ = 0.0;  // in `advance`
};

}  // namespace apical

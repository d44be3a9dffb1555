#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/diagnosis/summary.hpp"
#include "sim/model/model.hpp"
#include "sim/runs/loss_curve.hpp"
#include "sim/runs/run_evaluation.hpp"
#include "sim/runs/simulation.hpp"

namespace apical {

// What a run came to.
struct RunSummary {
    std::int64_t steps = 0;        // completed
    std::int64_t begun_after = 0;  // step; 0 unless it was resumed or branched
    bool interrupted = false;      // before the planned end
    int signal = 0;                // that asked for it
    double seconds = 0.0;          // of stepping and recording
    double loss = 0.0;             // mean over the headline window; not a number when there is none
    std::int64_t loss_steps = 0;   // the window's length; 0 when there is no loss
    std::uint64_t file_bytes = 0;  // of the run file
    DiagnosisSummary diagnosis = {};
    std::optional<FrozenLoss> frozen = {};  // of the last evaluation ([evaluate]); unset: of none
    std::optional<BestLoss> best = {};      // of the split "validation"; unset: not shown
    std::string failure = {};  // why it could not go on, when numbers were no longer finite
};

// A model with its numbers, run once from beginning to end:
//     run.begin(&recorder); run.record_start(); while (run.advance()) ...; run.finish();
class Run {
public:
    // Begins as a Simulation does; a run that is to `resume` needs no initial values.
    using Start = Simulation::Start;
    explicit Run(const Model& model, std::int64_t blocks = 1, int threads = 1,
                 Start start = Start::initial);

    // `recorder`, which may be null, must outlive this.
    void begin(Recorder* recorder);
    // Steps for about a fiftieth of a second, at least once; whether there are steps left. Stops
    // after every step in which the model has a checkpoint, and evaluates after those in which an
    // evaluation is due. Throws what the scheduler throws.
    bool advance();

    // After `begin`: all that it remembers, of whatever step it is in.
    void save(Archive& archive);
    // After `begin`: goes on from there as if it had never stopped. Throws Error{bad_model} when
    // what was saved does not fit.
    void resume(Archive& archive, std::int64_t step);
    // Goes on from what a run of another model has in common with this one, by the names of slots;
    // what has no name there keeps its initial value. Returns what a user should know.
    std::vector<std::string> branch(Archive& archive, std::int64_t step,
                                    const std::vector<std::string>& anew);

    // After `begin` or `branch`: the recorder's first rows, of before the first step, and the
    // evaluation of that.
    void record_start();
    // One step more, which is the last though others were planned: what is recorded of a run's last
    // step is recorded of this one.
    void end_early();

    // What it came to, also before its end. Throws Error{numerical_failure} when a number is no
    // longer finite.
    RunSummary finish() const;
    // What it came to when a step failed, because of `why`: there is no loss (not a number), and
    // nothing was diagnosed.
    RunSummary failed(const std::string& why) const;

    // The datasets that it read, as `text_of` says; what is resumed read them before.
    const std::string& data() const { return simulation_.data(); }
    // An exact Jacobian in it may not have been formed (sim/engine/plan/eliminate_jacobians.hpp).
    const State& state() const { return simulation_.state(); }
    const Scheduler& scheduler() const { return simulation_.scheduler(); }
    std::int64_t steps() const { return simulation_.steps(); }  // completed
    const LossCurve& curve() const { return curve_; }           // of `blocks` blocks

private:
    void take_slots(Archive& archive, const std::vector<std::string>& anew,
                    std::vector<std::string>& notes);
    void persist_rest(Archive& archive, std::int64_t step, bool same_task);
    void evaluate_if_due();

    const Model& model_;
    Simulation simulation_;
    LossCurve curve_;
    std::int64_t stride_ = 1, begun_after_ = 0;
    double seconds_ = 0.0;                       // in `advance`, but for evaluations
    std::unique_ptr<RunEvaluation> evaluation_;  // null: the model asks for none
};

}  // namespace apical

#include "sim/runs/evaluate.hpp"

#include <algorithm>
#include <limits>

#include "sim/numbers/batch_means.hpp"
#include "sim/numbers/trial_scores.hpp"

namespace apical {

namespace {

// Errors and share by which the frozen loss has to be larger.
constexpr double errors_apart = 5.0, share_apart = 0.2;

// An evaluation as it goes on.
class Evaluating {
public:
    Evaluating(const FrozenModel& frozen, const Scheduler& scheduler)
        : frozen_(frozen),
          scheduler_(scheduler),
          losses_(frozen.steps),
          trials_(scheduler.target().size(), scheduler.readout() == Activation::softmax) {
        all_.settle = frozen.settle;
        const std::size_t outputs = scheduler.target().size();
        if (outputs == 0) return;
        constexpr std::size_t signs = 2;
        const Task& task = *frozen.model.task;
        all_.chooses_by_trial = scheduler.trials() && task.asks_once();
        const bool is_softmax = scheduler.readout() == Activation::softmax;
        if (!is_softmax) all_.nearness.emplace(outputs);
        if (is_softmax || (all_.chooses_by_trial && task.asks_class()))
            all_.choices.emplace(outputs);
        else if (all_.chooses_by_trial && task.asks_sign())
            all_.choices.emplace(signs);
    }

    void read_out(const Simulation& simulation, const AssignedCells& assigned) {
        responses_.emplace(simulation, assigned.population);
        assigned_.emplace(assigned);
    }

    // Step k of those that count has a loss.
    void add(std::int64_t k) {
        const std::span<const double> judged = scheduler_.judged(), target = scheduler_.target();
        losses_.add(k, scheduler_.loss());
        if (scheduler_.trials()) trials_.add(scheduler_.loss(), judged, target);
        if (all_.choices && !all_.chooses_by_trial) all_.choices->add(judged, target);
        if (all_.nearness) all_.nearness->add(judged, target);
    }

    // A step has ended, and perhaps its trial.
    void end_step() {
        ++all_.steps;
        const TrialClock* clock = scheduler_.trials();
        if (responses_ && clock && clock->counts()) responses_->add();
        if (!clock || !clock->ends_trial()) return;
        if (all_.choices && all_.chooses_by_trial) {
            const auto of_type = all_.by_type.try_emplace(clock->type(), all_.choices->classes());
            trials_.end_trial({&*all_.choices, &of_type.first->second});
        } else {
            trials_.end_trial({});
        }
        if (!responses_) return;
        const std::vector<double> means = responses_->take();
        if (!means.empty()) assigned_->add(clock->type(), means);
    }

    Evaluation result() {
        all_.counted = losses_.count();
        all_.loss = losses_.result();
        if (assigned_) all_.assigned = assigned_->result();
        if (frozen_.trials > 0) {
            all_.trials = static_cast<std::int64_t>(trials_.trials());
            all_.loss.error = trials_.error();
        }
        return std::move(all_);
    }

private:
    const FrozenModel& frozen_;
    const Scheduler& scheduler_;
    BatchMeans losses_;
    TrialScores trials_;
    std::optional<Responses> responses_;  // of cells that stand for classes
    std::optional<AssignedChoices> assigned_;
    Evaluation all_;
};

}  // namespace

Evaluation evaluate(const FrozenModel& frozen, Simulation& simulation, const StopRequest* stop,
                    const AssignedCells* assigned) {
    if (simulation.steps() > 0)
        throw Error(ExitCode::usage, "an evaluation begins before the simulation's first step");
    const auto is_asked = [&] { return stop && stop->asked(); };
    if (!simulation.has_begun()) simulation.begin();
    Scheduler& scheduler = simulation.scheduler();
    Evaluating all(frozen, scheduler);
    if (assigned) all.read_out(simulation, *assigned);
    for (std::int64_t step = 1; step <= frozen.settle && !is_asked(); ++step)
        scheduler.run_to(step);
    for (std::int64_t k = 0; k < frozen.steps && !is_asked(); ++k) {
        if (scheduler.run_to_loss()) all.add(k);
        scheduler.run_to(frozen.settle + k + 1);
        all.end_step();
    }
    if (scheduler.step() > 0) scheduler.check_numbers();
    return all.result();
}

bool is_learning_the_memory(double loss_while_learning, const MeanError& frozen) {
    const double more = frozen.mean - loss_while_learning;
    return more > errors_apart * frozen.error && more > share_apart * loss_while_learning;
}

}  // namespace apical

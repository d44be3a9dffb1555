#include "sim/runs/evaluate.hpp"

#include <algorithm>
#include <limits>

#include "sim/numbers/batch_means.hpp"

namespace apical {

namespace {

// Errors and share by which the frozen loss has to be larger.
constexpr double errors_apart = 5.0, share_apart = 0.2;

// The scores that fit how the loss is judged; none of a circuit without one.
Evaluation begun(const FrozenModel& frozen, const Scheduler& scheduler) {
    Evaluation all;
    all.settle = frozen.settle;
    const std::size_t outputs = scheduler.target().size();
    if (outputs == 0) return all;
    if (scheduler.readout() == Activation::softmax)
        all.choices.emplace(outputs);
    else
        all.nearness.emplace(outputs);
    return all;
}

}  // namespace

Evaluation evaluate(const FrozenModel& frozen, Simulation& simulation, const StopRequest* stop) {
    if (simulation.steps() > 0)
        throw Error(ExitCode::usage, "an evaluation begins before the simulation's first step");
    const auto is_asked = [&] { return stop && stop->asked(); };
    if (!simulation.has_begun()) simulation.begin();
    Scheduler& scheduler = simulation.scheduler();
    Evaluation all = begun(frozen, scheduler);
    BatchMeans losses(frozen.steps);
    for (std::int64_t step = 1; step <= frozen.settle && !is_asked(); ++step)
        scheduler.run_to(step);
    for (std::int64_t k = 0; k < frozen.steps && !is_asked(); ++k) {
        if (scheduler.run_to_loss()) {
            losses.add(k, scheduler.loss());
            if (all.choices) all.choices->add(scheduler.judged(), scheduler.target());
            if (all.nearness) all.nearness->add(scheduler.judged(), scheduler.target());
        }
        scheduler.run_to(frozen.settle + k + 1);
        ++all.steps;
    }
    if (scheduler.step() > 0) scheduler.check_numbers();
    all.counted = losses.count();
    all.loss = losses.result();
    return all;
}

bool is_learning_the_memory(double loss_while_learning, const MeanError& frozen) {
    const double more = frozen.mean - loss_while_learning;
    return more > errors_apart * frozen.error && more > share_apart * loss_while_learning;
}

}  // namespace apical

#include "sim/whole_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "sim/diagnosis/diagnosis.hpp"
#include "sim/fuse.hpp"
#include "sim/initialize.hpp"
#include "sim/seconds_since.hpp"
#include "sim/without_jacobians.hpp"

namespace apical {

namespace {

constexpr double seconds_of_advance = 0.02, seconds_of_stride = 0.005;

State initial_state(const Model& model, const Program& program) {
    State state(program);
    initialize(state, model.circuit, model.seed, model.directory);
    return state;
}

// During the run a strength shows in the voltages it makes; the last change has made none.
void check_strengths(const State& state) {
    const Program& program = state.program();
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        if (program.slots[i].measured) continue;
        const std::span<const double> numbers = state.numbers(SlotId(i));
        const Range range = {numbers.data(), numbers.size()};
        if (best_kernels().all_finite(&range, 1)) continue;
        throw Error(ExitCode::numerical_failure,
                    fmt::format("the last step made \"{}\" infinite or no number; a learning "
                                "rate may be too large",
                                program.slots[i].name));
    }
}

}  // namespace

Program performed_program(const Model& model) {
    return model.fuse ? without_jacobians(model.program).program : model.program;
}

Plan performed_plan(const Model& model, State& state, Workers& workers, const Kernels& kernels) {
    Plan plan = model.fuse ? fuse(state.program(), state, kernels)
                           : Plan::compile(state.program(), state, kernels);
    plan.split(kernels, &workers);
    return plan;
}

WholeRun::WholeRun(const Model& model, std::int64_t blocks, int threads)
    : model_(model),
      program_(performed_program(model)),
      state_(initial_state(model, program_)),
      workers_(threads),
      plan_(performed_plan(model, state_, workers_, best_kernels(model.rounding))),
      curve_(model.steps, blocks) {}

WholeRun::~WholeRun() = default;

void WholeRun::begin(Recorder* recorder) {
    if (model_.diagnosed.any()) {
        // It repeats single operations.
        const Plan plain = Plan::compile(model_.program, state_, best_kernels(model_.rounding));
        diagnosis_ = std::make_unique<Diagnosis>(model_, plain, state_);
    }
    scheduler_.emplace(model_, plan_, state_, recorder, diagnosis_.get());
}

bool WholeRun::advance() {
    if (steps() == model_.steps) return false;
    const auto begin = std::chrono::steady_clock::now();
    for (double seconds = 0.0; seconds < seconds_of_advance && steps() < model_.steps;) {
        scheduler_->run_to(std::min({steps() + stride_, model_.steps, curve_.next()}));
        curve_.add(steps(), scheduler_->loss_sum());
        const double before = seconds;
        seconds = seconds_since(begin);
        stride_ = seconds - before < seconds_of_stride ? std::min(stride_ * 2, model_.steps)
                                                       : std::max<std::int64_t>(1, stride_ / 2);
    }
    seconds_ += seconds_since(begin);
    return steps() < model_.steps;
}

RunSummary WholeRun::finish() const {
    scheduler_->settle();
    if (steps() > 0) check_strengths(state_);
    RunSummary summary;
    summary.steps = steps();
    summary.interrupted = summary.steps < model_.steps;
    summary.seconds = seconds_;
    const LossCurve::Mean tail = curve_.tail(summary.steps, scheduler_->loss_sum());
    summary.loss = tail.loss;
    summary.loss_steps = tail.steps;
    if (diagnosis_) summary.diagnosis = diagnosis_->summary(summary.steps);
    return summary;
}

}  // namespace apical

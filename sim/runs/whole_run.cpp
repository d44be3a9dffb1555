#include "sim/runs/whole_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>

#include "sim/diagnosis/diagnosis.hpp"
#include "sim/engine/initialize.hpp"
#include "sim/engine/plan/fuse.hpp"
#include "sim/engine/plan/without_jacobians.hpp"
#include "sim/runs/archive.hpp"
#include "sim/system/seconds_since.hpp"

namespace apical {

namespace {

constexpr double seconds_of_advance = 0.02, seconds_of_stride = 0.005;

// `data` gets the datasets that the run reads.
State state_of(const Model& model, const Program& program, bool initialized, std::string& data) {
    State state(program);
    std::vector<DataSource> read;
    if (initialized) read = initialize(state, model.circuit, model.seed, model.directory);
    data = text_of(with_presented(model, std::move(read)));
    return state;
}

// During the run a strength shows in the voltages it makes; the last change has made none.
void check_strengths(const State& state, const Kernels& kernels) {
    const Program& program = state.program();
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        if (program.slots[i].what == What::measured) continue;
        const std::span<const double> numbers = state.numbers(SlotId(i));
        const Range range = {numbers.data(), numbers.size()};
        if (kernels.all_finite(&range, 1)) continue;
        throw Error(ExitCode::numerical_failure,
                    fmt::format("the last step made \"{}\" infinite or no number; a learning "
                                "rate may be too large",
                                program.slots[i].name));
    }
}

}  // namespace

std::vector<DataSource> with_presented(const Model& model, std::vector<DataSource> initial) {
    for (const std::vector<DataSource>& more : {model.task->data(), model.noise->data()})
        initial.insert(initial.end(), more.begin(), more.end());
    return initial;
}

Program performed_program(const Model& model) {
    return model.fuse ? without_jacobians(model.program).program : model.program;
}

Plan performed_plan(const Model& model, State& state, Workers& workers, const Kernels& kernels) {
    Plan plan = model.fuse ? fuse(state.program(), state, kernels)
                           : Plan::compile(state.program(), state, kernels);
    plan.split(kernels, &workers);
    return plan;
}

WholeRun::WholeRun(const Model& model, std::int64_t blocks, int threads, Start start)
    : model_(model),
      program_(performed_program(model)),
      state_(state_of(model, program_, start == Start::initial, data_)),
      workers_(threads),
      plan_(performed_plan(model, state_, workers_, *model.kernels)),
      curve_(model.steps, blocks) {}

WholeRun::~WholeRun() = default;

void WholeRun::begin(Recorder* recorder) {
    if (model_.diagnosed.any()) {
        // It repeats single operations.
        const Plan plain = Plan::compile(model_.program, state_, *model_.kernels);
        diagnosis_ = std::make_unique<Diagnosis>(measured(model_), plain, state_);
    }
    scheduler_.emplace(model_, plan_, state_, recorder, diagnosis_.get());
}

bool WholeRun::advance() {
    if (steps() == model_.steps) return false;
    const auto begin = std::chrono::steady_clock::now();
    const std::int64_t every = model_.checkpoint.every;
    const std::int64_t last =
        every == 0 ? model_.steps : std::min(model_.steps, (steps() / every + 1) * every);
    for (double seconds = 0.0; seconds < seconds_of_advance && steps() < last;) {
        for (const std::int64_t end = std::min(steps() + stride_, last); steps() < end;) {
            scheduler_->run_to(std::min(end, curve_.next()));
            curve_.add(steps(), scheduler_->loss_sum());
        }
        const double before = seconds;
        seconds = seconds_since(begin);
        stride_ = seconds - before < seconds_of_stride ? std::min(stride_ * 2, model_.steps)
                                                       : std::max<std::int64_t>(1, stride_ / 2);
    }
    seconds_ += seconds_since(begin);
    return steps() < model_.steps;
}

void WholeRun::end_early() {
    const auto begin = std::chrono::steady_clock::now();
    scheduler_->end_with_next();
    scheduler_->run_to(steps() + 1);
    curve_.add(steps(), scheduler_->loss_sum());
    seconds_ += seconds_since(begin);
}

// Deferred changes of a fused plan are no part of a checkpoint: they are flushed before.
void WholeRun::save(Archive& archive) {
    scheduler_->settle();
    persist_numbers(archive);
    persist_rest(archive, steps(), true);
}

void WholeRun::resume(Archive& archive, std::int64_t step) {
    persist_numbers(archive);
    persist_rest(archive, step, true);
}

void WholeRun::persist_numbers(Archive& archive) {
    archive.same(static_cast<std::int64_t>(program_.slots.size()), "the number of slots");
    for (std::size_t i = 0; i < program_.slots.size(); ++i) {
        const std::span<double> numbers = state_.numbers(SlotId(i));
        archive.same(program_.slots[i].name, "the name of a slot");
        archive.same(static_cast<std::int64_t>(numbers.size()),
                     fmt::format("the size of \"{}\"", program_.slots[i].name));
        archive.numbers(numbers);
    }
}

// Data that the run goes on to read must be unchanged; data that it began with need not be there.
void WholeRun::take_data(Archive& archive, std::string data) {
    const std::string other = differing_data(data_presented(data), data_presented(data_));
    if (!other.empty())
        archive.reject(
            fmt::format("is of a run whose task or noise read other data than there is "
                        "now in {}",
                        other));
    data_ = std::move(data);
}

// The task of a fork may be another one: it finds its way to the present step by itself.
void WholeRun::persist_rest(Archive& archive, std::int64_t step, bool same_task) {
    archive.same(step, "the step");
    if (step > model_.steps)
        archive.reject(fmt::format("is of step {}, but the run ends after {}", step, model_.steps));
    std::string data = data_;
    archive(data);
    if (same_task) take_data(archive, std::move(data));
    archive(*scheduler_, curve_);
    if (steps() != step) archive.reject(fmt::format("is of step {}, not of {}", steps(), step));
    if (diagnosis_) archive(*diagnosis_);
    std::vector<double> memory = scheduler_->task().memory();
    const std::size_t size = memory.size();
    archive(memory);
    archive.finish();
    if (!archive.is_read()) return;
    begun_after_ = step;
    if (!same_task) return;
    if (memory.size() != size) archive.reject("has another memory of the task than this run");
    scheduler_->task().recall(step, memory);
}

std::vector<std::string> WholeRun::fork(Archive& archive, std::int64_t step,
                                        const std::vector<std::string>& anew) {
    std::vector<std::string> notes;
    std::vector<bool> found(program_.slots.size());
    std::int64_t count = 0;
    archive(count);
    for (std::int64_t k = 0; k < count; ++k) {
        std::string name;
        std::vector<double> numbers;
        archive(name, numbers);
        const SlotId slot = program_.find(name);
        if (!slot) {
            notes.push_back(fmt::format("\"{}\" is not in the fork, and is left behind", name));
            continue;
        }
        const std::span<double> ours = state_.numbers(slot);
        if (ours.size() != numbers.size())
            archive.reject(fmt::format(
                "has {} numbers of \"{}\", and the fork {}; sizes cannot change in a fork",
                numbers.size(), name, ours.size()));
        found[slot.value] = true;
        if (std::find(anew.begin(), anew.end(), name) == anew.end()) {
            std::copy(numbers.begin(), numbers.end(), ours.begin());
        } else {
            notes.push_back(fmt::format("\"{}\" begins anew, as its init is another", name));
        }
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (!found[i])
            notes.push_back(fmt::format("\"{}\" is new in the fork, with its initial value",
                                        program_.slots[i].name));
    }
    persist_rest(archive, step, false);
    curve_.begin_after(steps(), scheduler_->loss_sum());
    if (diagnosis_) diagnosis_->begin_after(steps());
    return notes;
}

RunSummary WholeRun::failed(const std::string& why) const {
    RunSummary summary;
    summary.steps = steps();
    summary.begun_after = begun_after_;
    summary.seconds = seconds_;
    summary.loss = std::numeric_limits<double>::quiet_NaN();
    summary.failure = why;
    return summary;
}

RunSummary WholeRun::finish() const {
    scheduler_->settle();
    if (steps() > 0) check_strengths(state_, *model_.kernels);
    RunSummary summary;
    summary.steps = steps();
    summary.begun_after = begun_after_;
    summary.interrupted = summary.steps < model_.steps;
    summary.seconds = seconds_;
    const LossCurve::Mean tail = curve_.tail(summary.steps, scheduler_->loss_sum());
    summary.loss = tail.loss;
    summary.loss_steps = tail.steps;
    if (diagnosis_) summary.diagnosis = diagnosis_->summary(summary.steps, tail.steps);
    return summary;
}

}  // namespace apical

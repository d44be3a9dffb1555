#include "sim/runs/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>

#include "sim/diagnosis/diagnosis.hpp"
#include "sim/runs/archive.hpp"
#include "sim/system/seconds_since.hpp"

namespace apical {

namespace {

constexpr double seconds_of_advance = 0.02, seconds_of_stride = 0.005;

}  // namespace

Run::Run(const Model& model, std::int64_t blocks, int threads, Start start)
    : model_(model), simulation_(model, threads, start), curve_(model.steps, blocks) {
    if (model.evaluation) evaluation_ = std::make_unique<RunEvaluation>(model, threads);
}

void Run::begin(Recorder* recorder) {
    simulation_.begin(recorder);
    if (evaluation_) evaluation_->begin(recorder);
}

void Run::record_start() {
    simulation_.record_start();
    if (evaluation_) evaluation_->evaluate(simulation_);
}

bool Run::advance() {
    if (steps() == model_.steps) return false;
    Scheduler& scheduler = simulation_.scheduler();
    const auto begin = std::chrono::steady_clock::now();
    const std::int64_t every = model_.checkpoint.every;
    std::int64_t last =
        every == 0 ? model_.steps : std::min(model_.steps, (steps() / every + 1) * every);
    if (evaluation_) last = std::min(last, evaluation_->next_after(steps()));
    for (double seconds = 0.0; seconds < seconds_of_advance && steps() < last;) {
        for (const std::int64_t end = std::min(steps() + stride_, last); steps() < end;) {
            scheduler.run_to(std::min(end, curve_.next()));
            curve_.add(steps(), scheduler.loss_sum(), scheduler.loss_steps());
        }
        const double before = seconds;
        seconds = seconds_since(begin);
        stride_ = seconds - before < seconds_of_stride ? std::min(stride_ * 2, model_.steps)
                                                       : std::max<std::int64_t>(1, stride_ / 2);
    }
    seconds_ += seconds_since(begin);
    evaluate_if_due();
    return steps() < model_.steps;
}

void Run::evaluate_if_due() {
    if (evaluation_ && evaluation_->is_due(steps())) evaluation_->evaluate(simulation_);
}

void Run::end_early() {
    Scheduler& scheduler = simulation_.scheduler();
    const auto begin = std::chrono::steady_clock::now();
    scheduler.end_with_next();
    scheduler.run_to(steps() + 1);
    curve_.add(steps(), scheduler.loss_sum(), scheduler.loss_steps());
    seconds_ += seconds_since(begin);
    evaluate_if_due();
}

// Deferred changes of a fused plan are no part of a checkpoint: they are flushed before.
void Run::save(Archive& archive) {
    simulation_.scheduler().flush();
    simulation_.persist_numbers(archive);
    persist_rest(archive, steps(), true);
}

void Run::resume(Archive& archive, std::int64_t step) {
    simulation_.persist_numbers(archive);
    persist_rest(archive, step, true);
}

void Run::persist_rest(Archive& archive, std::int64_t step, bool same_task) {
    simulation_.persist_rest(archive, step, same_task);
    archive(curve_);
    archive.finish();
    if (archive.is_read()) begun_after_ = step;
}

std::vector<std::string> Run::branch(Archive& archive, std::int64_t step,
                                     const std::vector<std::string>& anew) {
    std::vector<std::string> notes;
    take_slots(archive, anew, notes);
    persist_rest(archive, step, false);
    curve_.begin_after(steps(), simulation_.loss_sum(), scheduler().loss_steps());
    if (Diagnosis* diagnosis = simulation_.diagnosis()) diagnosis->begin_after(steps());
    return notes;
}

// Takes the numbers of slots that both runs have, by their names, but for those that begin `anew`.
void Run::take_slots(Archive& archive, const std::vector<std::string>& anew,
                     std::vector<std::string>& notes) {
    State& state = simulation_.state();
    const Program& program = state.program();
    std::vector<bool> found(program.slots.size());
    std::map<const Slot*, std::string> names;
    for (const Slot& one : program.slots) names[&one] = archived_name(one);
    std::int64_t count = 0;
    archive(count);
    for (std::int64_t k = 0; k < count; ++k) {
        std::string name;
        std::vector<double> numbers;
        std::int64_t rows = 0, columns = 0;
        archive(name, rows, columns, numbers);
        const SlotId slot = program.first([&](const Slot& one) { return names.at(&one) == name; });
        if (!slot) {
            notes.push_back(fmt::format("\"{}\" is not in the fork, and is left behind", name));
            continue;
        }
        const std::span<double> ours = state.line(slot);
        const Slot& own = program[slot];
        if (rows != own.rows || columns != own.columns || ours.size() != numbers.size())
            archive.reject(
                fmt::format("has {} x {} numbers of \"{}\", and the fork {} x {}; sizes cannot "
                            "change in a fork",
                            rows, columns, name, own.rows, own.columns));
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
                                        program.slots[i].name));
    }
}

RunSummary Run::failed(const std::string& why) const {
    RunSummary summary;
    summary.steps = steps();
    summary.begun_after = begun_after_;
    summary.seconds = seconds_;
    summary.loss = std::numeric_limits<double>::quiet_NaN();
    summary.failure = why;
    return summary;
}

RunSummary Run::finish() const {
    if (steps() > 0) simulation_.scheduler().check_numbers();
    RunSummary summary;
    summary.steps = steps();
    summary.begun_after = begun_after_;
    summary.interrupted = summary.steps < model_.steps;
    summary.seconds = seconds_;
    const LossCurve::Mean tail =
        curve_.tail(summary.steps, simulation_.loss_sum(), scheduler().loss_steps());
    summary.loss = tail.loss;
    summary.loss_steps = simulation_.has_loss() ? tail.counted : 0;
    if (const Diagnosis* diagnosis = simulation_.diagnosis())
        summary.diagnosis = diagnosis->summary(summary.steps, tail.steps);
    if (evaluation_) summary.frozen = evaluation_->last();
    if (evaluation_) summary.best = evaluation_->best();
    return summary;
}

}  // namespace apical

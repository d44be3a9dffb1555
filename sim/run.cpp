#include "sim/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "sim/audit/report.hpp"
#include "sim/diagnosis/diagnosis.hpp"
#include "sim/initialize.hpp"
#include "sim/output_path.hpp"
#include "sim/plan.hpp"
#include "sim/progress.hpp"
#include "sim/scheduler.hpp"

namespace apical {

namespace {

constexpr double seconds_between_looks = 0.02;
constexpr double seconds_between_flushes = 1.0;

volatile std::sig_atomic_t interrupt_asked = 0;

// While it lives, the first SIGINT asks the run to end; a second one ends the program at once.
class InterruptHandler {
public:
    InterruptHandler() {
        interrupt_asked = 0;
        struct sigaction action = {};
        action.sa_handler = [](int) { interrupt_asked = 1; };
        action.sa_flags = static_cast<int>(SA_RESETHAND);
        sigaction(SIGINT, &action, &before_);
    }
    ~InterruptHandler() { sigaction(SIGINT, &before_, nullptr); }
    InterruptHandler(const InterruptHandler&) = delete;
    InterruptHandler& operator=(const InterruptHandler&) = delete;

private:
    struct sigaction before_ = {};
};

// The sum of losses at every tenth of the planned run. A run that is cut short averages over at
// least a tenth of the planned steps, or over all it has.
class LossMarks {
public:
    explicit LossMarks(std::int64_t steps) : tenth_(std::max<std::int64_t>(1, steps / 10)) {}

    std::int64_t next() const { return marks_.back().step + tenth_; }
    void mark(const Scheduler& scheduler) {
        if (scheduler.step() >= next()) marks_.push_back({scheduler.step(), scheduler.loss_sum()});
    }
    void finish(const Scheduler& scheduler, RunSummary& summary) const {
        auto from = std::find_if(marks_.rbegin(), marks_.rend(), [&](const Mark& m) {
            return m.step <= scheduler.step() - tenth_;
        });
        const Mark mark = from == marks_.rend() ? marks_.front() : *from;
        summary.loss_steps = scheduler.step() - mark.step;
        // Not a number when no step was completed.
        summary.loss = (scheduler.loss_sum() - mark.sum) / static_cast<double>(summary.loss_steps);
    }

private:
    struct Mark {
        std::int64_t step;
        double sum;
    };
    std::int64_t tenth_;
    std::vector<Mark> marks_ = {{0, 0.0}};
};

// Steps until the end or an interrupt, looking up about fifty times a second; once a second what is
// recorded is flushed, so that a slow run can be followed.
void step_through(const Model& model, Scheduler& scheduler, Recorder& recorder, LossMarks& marks,
                  Progress& progress) {
    std::int64_t stride = 1, shown_step = 0;
    double shown_sum = 0.0, flushed = 0.0;
    while (scheduler.step() < model.steps && !interrupt_asked) {
        const double before = progress.seconds();
        scheduler.run_to(std::min({scheduler.step() + stride, model.steps, marks.next()}));
        marks.mark(scheduler);
        stride = progress.seconds() - before < seconds_between_looks
                     ? stride * 2
                     : std::max<std::int64_t>(1, stride / 2);
        if (progress.seconds() > flushed + seconds_between_flushes) {
            recorder.flush();
            flushed = progress.seconds();
        }
        if (!progress.due()) continue;
        const auto steps = static_cast<double>(scheduler.step() - shown_step);
        progress.show(scheduler.step(), (scheduler.loss_sum() - shown_sum) / steps);
        shown_step = scheduler.step();
        shown_sum = scheduler.loss_sum();
    }
}

}  // namespace

namespace {

// During the run a strength shows in the voltages it makes; the last change has made none.
void check_strengths(const State& state) {
    const Program& program = state.program();
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        if (program.slots[i].measured) continue;
        const std::span<const double> numbers = state.numbers(SlotId(i));
        if (best_kernels().all_finite(numbers.data(), numbers.size())) continue;
        throw Error(ExitCode::numerical_failure,
                    fmt::format("the last step made \"{}\" infinite or no number; a learning "
                                "rate may be too large",
                                program.slots[i].name));
    }
}

}  // namespace

std::string compiler_name() {
#if defined(__clang__)
    return __VERSION__;
#else
    return "g++ " __VERSION__;
#endif
}

RunDescription description_of(const Model& model) {
    RunDescription description;
    description.title = model.title;
    description.model = model.text;
    description.resolved = model.resolved;
    description.listing = listing(model.program);
    description.audit = audit_json(report_on(model, false));
    description.version = APICAL_VERSION;
    description.compiler = compiler_name();
    description.seed = model.seed;
    description.phase_end_ms = model.circuit.phase_end_ms();
    description.step_ms = model.circuit.step_ms();
    return description;
}

RunSummary run(const Model& model, bool force, bool quiet) {
    check_not_input(model.output, model.path);
    State state(model.program);
    initialize(state, model.circuit, model.seed, model.directory);
    const Plan plan = Plan::compile(model.program, state);
    Recorder recorder(model.program, model.recordings, description_of(model), model.output, force);
    std::optional<Diagnosis> diagnosis;
    if (model.diagnosed.any()) diagnosis.emplace(model, plan, state);
    Scheduler scheduler(model, plan, state, &recorder, diagnosis ? &*diagnosis : nullptr);
    LossMarks marks(model.steps);
    RunSummary summary;
    {
        const InterruptHandler handler;
        Progress progress(model.steps, quiet);
        try {
            step_through(model, scheduler, recorder, marks, progress);
            if (scheduler.step() > 0) check_strengths(state);
        } catch (const Error& error) {
            if (error.code() == ExitCode::numerical_failure)
                recorder.close(scheduler.step(), std::nan(""), error.what());
            throw;
        }
        summary.seconds = progress.seconds();
    }
    summary.steps = scheduler.step();
    summary.interrupted = scheduler.step() < model.steps;
    marks.finish(scheduler, summary);
    if (diagnosis) summary.diagnosis = diagnosis->summary(summary.steps);
    recorder.close(summary.steps, summary.loss);
    std::error_code missing;
    summary.file_bytes = std::filesystem::file_size(model.output, missing);
    return summary;
}

}  // namespace apical

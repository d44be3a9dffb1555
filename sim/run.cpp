#include "sim/run.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <filesystem>

#include "sim/audit/report.hpp"
#include "sim/interrupt.hpp"
#include "sim/output_path.hpp"
#include "sim/progress.hpp"

namespace apical {

namespace {

constexpr double seconds_between_flushes = 1.0;

// Shows how a run gets on, and flushes what is recorded once a second, so that a slow run can be
// followed.
class Watch {
public:
    Watch(std::int64_t steps, bool quiet, Recorder& recorder)
        : progress_(steps, quiet), recorder_(recorder) {}

    void look(const Scheduler& scheduler) {
        if (progress_.seconds() > flushed_ + seconds_between_flushes) {
            recorder_.flush();
            flushed_ = progress_.seconds();
        }
        if (!progress_.due()) return;
        const auto steps = static_cast<double>(scheduler.step() - shown_step_);
        progress_.show(scheduler.step(), (scheduler.loss_sum() - shown_sum_) / steps);
        shown_step_ = scheduler.step();
        shown_sum_ = scheduler.loss_sum();
    }

private:
    Progress progress_;
    Recorder& recorder_;
    std::int64_t shown_step_ = 0;
    double shown_sum_ = 0.0, flushed_ = 0.0;
};

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

RunSummary run(const Model& model, bool force, bool quiet, int threads) {
    check_not_input(model.output, model.path);
    WholeRun whole(model, 1, threads);
    Recorder recorder(model.program, model.recordings, description_of(model), model.output, force,
                      threads > 1 ? Writing::beside_run : Writing::within_run);
    const InterruptHandler interrupt;
    Watch watch(model.steps, quiet, recorder);
    whole.begin(&recorder);
    RunSummary summary;
    try {
        while (!interrupt.asked() && whole.advance()) watch.look(whole.scheduler());
        summary = whole.finish();
    } catch (const Error& error) {
        close_after(error, recorder, whole.steps());
        throw;
    }
    recorder.close(summary.steps, summary.loss);
    std::error_code missing;
    summary.file_bytes = std::filesystem::file_size(model.output, missing);
    return summary;
}

void close_after(const Error& error, Recorder& recorder, std::int64_t steps) {
    if (error.code() == ExitCode::numerical_failure)
        recorder.close(steps, std::nan(""), error.what());
}

}  // namespace apical

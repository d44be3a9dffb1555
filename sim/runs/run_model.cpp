#include "sim/runs/run_model.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>

#include "sim/audit/report.hpp"
#include "sim/hdf5/data_source.hpp"
#include "sim/model/evaluated_rows.hpp"
#include "sim/run_file/stored_run.hpp"
#include "sim/runs/model_files.hpp"
#include "sim/runs/row_copy.hpp"
#include "sim/system/disk_file.hpp"
#include "sim/system/output_file.hpp"
#include "sim/system/output_path.hpp"
#include "sim/system/reading_trial.hpp"
#include "sim/system/seconds_since.hpp"

namespace apical {

namespace {

constexpr double seconds_between_flushes = 1.0;

// Says how a run gets on, and flushes what is recorded once a second, so that a slow run can be
// followed.
class Watch {
public:
    Watch(std::int64_t steps, const Listener<RunProgress>& listener, Recorder& recorder,
          const Scheduler& scheduler)
        : steps_(steps), listener_(listener), recorder_(recorder) {
        tell(scheduler);
    }

    void observe(const Scheduler& scheduler) {
        if (seconds_since(flushed_) > seconds_between_flushes) {
            recorder_.flush();
            flushed_ = std::chrono::steady_clock::now();
        }
        tell(scheduler);
    }

private:
    void tell(const Scheduler& scheduler) const {
        listener_.tell({scheduler.step(), steps_, scheduler.loss_sum(), scheduler.loss_steps()});
    }

    std::int64_t steps_;
    Listener<RunProgress> listener_;
    Recorder& recorder_;
    std::chrono::steady_clock::time_point flushed_ = std::chrono::steady_clock::now();
};

// The times when checkpoints are due.
class CheckpointClock {
public:
    explicit CheckpointClock(const CheckpointPolicy& policy) : policy_(policy) {}

    bool is_due(std::int64_t step) const {
        const bool by_time =
            policy_.minutes > 0.0 && seconds_since(saved_) >= 60.0 * policy_.minutes;
        return policy_.has(step) || by_time;
    }
    void saved() { saved_ = std::chrono::steady_clock::now(); }

private:
    const CheckpointPolicy& policy_;
    std::chrono::steady_clock::time_point saved_ = std::chrono::steady_clock::now();
};

}  // namespace

std::string compiler_name() {
#if defined(__clang__)
    return __VERSION__;
#else
    return "g++ " __VERSION__;
#endif
}

RunDescription description_of(const Model& model, const std::string& data) {
    check_runnable(model);
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
    description.branched_from = model.branched_from;
    description.data = data;
    description.task = model.task->shape();
    description.has_loss = model.circuit.has_loss();
    if (model.circuit.loss) description.judged_by = model.circuit.loss->readout;
    description.evaluation = evaluated_rows(model);
    return description;
}

namespace {

Writing writing_of(const RunOptions& options) {
    return options.threads > 1 ? Writing::beside_run : Writing::within_run;
}

// The file of before, which nobody else goes on with until the new one takes its name: after the
// step `last`, when it has all rows of the old one, which then takes no room any more.
struct Replaced {
    std::optional<WritersLock> lock;
    std::int64_t last = 0;
};

std::uint64_t bytes_of(const std::string& path) {
    std::error_code missing;
    const auto bytes = std::filesystem::file_size(path, missing);
    return missing ? 0 : bytes;
}

// The request by which a run may be ended; `nobody` when its caller gave none.
StopRequest& stop_of(const RunOptions& options, StopRequest& nobody) {
    return options.stop ? *options.stop : nobody;
}

// Gives the file its name when it has all rows of the one that it replaces: at once when it
// replaces none.
class Publication {
public:
    Publication(Recorder& recorder, Replaced* replaced)
        : recorder_(recorder), replaced_(replaced), is_done_(!replaced) {}

    bool is_due(const Run& run) const { return !is_done_ && run.steps() >= replaced_->last; }
    void publish_if(bool now) {
        if (is_done_ || !now) return;
        recorder_.sync();
        recorder_.publish();
        replaced_->lock.reset();
        is_done_ = true;
    }
    bool is_done() const { return is_done_; }

private:
    Recorder& recorder_;
    Replaced* replaced_;
    bool is_done_;
};

// Drives a run that has begun, or goes on, to its end.
RunSummary drive(const Model& model, Run& run, Recorder& recorder, const RunOptions& options,
                 Replaced* replaced = nullptr) {
    StopRequest nobody;
    StopRequest& stop = stop_of(options, nobody);
    Publication publication(recorder, replaced);
    Watch watch(model.steps, options.progress, recorder, run.scheduler());
    CheckpointClock clock(model.checkpoint);
    RunSummary summary;
    bool saved = run.steps() > 0;  // it goes on from what was
    const auto save = [&] {
        save_checkpoint(model, run, recorder);
        saved = true;
    };
    try {
        // Advances at least once, so that there is something to save.
        while (run.advance() && !stop.asked()) {
            publication.publish_if(publication.is_due(run));
            watch.observe(run.scheduler());
            if (!stop.takes_checkpoint() && !clock.is_due(run.steps())) continue;
            save();
            clock.saved();
        }
        if (run.steps() < model.steps) run.end_early();
        summary = run.finish();
    } catch (const Error& error) {
        publication.publish_if(error.code() == ExitCode::numerical_failure);
        close_after(error, recorder, run.steps());
        if (error.code() != ExitCode::numerical_failure) throw;
        summary = run.failed(error.what());
        summary.file_bytes = bytes_of(model.output);
        throw FailedRun(error, std::move(summary));
    }
    publication.publish_if(publication.is_due(run));
    summary.signal = stop.signal();
    if (summary.interrupted || model.checkpoint.has(summary.steps)) save();
    if (publication.is_done()) recorder.close(summary.steps, summary.loss, "", summary.loss_steps);
    if (saved) sync_file(model.output);  // a run that was worth it once
    summary.file_bytes = bytes_of(model.output);
    return summary;
}

// Copies the old file's rows and events up to the checkpoint. Returns the last step sampled in it.
std::int64_t take_rows(const CheckpointHead& head, Recorder& recorder, const std::string& path,
                       const StopRequest& stop) {
    const StoredRun old(path);
    try {
        copy_rows(old, {head.rows, head.events, head.spikes}, recorder, stop);
    } catch (...) {
        recorder.flush();  // no thread writes any more when the old file is closed
        throw;
    }
    return old.last_step();
}

// Throws if starting would overwrite a run that is still going or that can be resumed.
void check_nothing_is_lost(const std::string& run_file, bool force) {
    if (is_being_written(run_file)) reject_being_written(run_file);
    const std::vector<std::int64_t> steps = checkpoint_steps(run_file);
    if (force || steps.empty()) return;
    std::error_code unknown;
    const bool exists = std::filesystem::exists(run_file, unknown);
    throw Error(ExitCode::cannot_create_output,
                fmt::format("\"{}\" exists, of a run that can be resumed; use `force` to give "
                            "it up",
                            exists ? run_file : checkpoint_path(run_file, steps.back())));
}

// A new run; `prepare` is done before anything is replaced, and may find that it cannot be.
template <class Prepare>
RunSummary run_anew(const Model& model, const RunOptions& options, Prepare prepare) {
    check_not_read(model.output, model);
    check_room_for_name(model.output);
    check_nothing_is_lost(model.output, options.force);
    Run run(model, 1, options.threads);
    remove_unfinished(model.output);
    Recorder recorder(model.program, model.recordings, description_of(model, run.data()),
                      model.output, options.force ? Replacing::yes : Replacing::no,
                      writing_of(options));
    run.begin(&recorder);
    prepare(run);
    run.record_start();
    recorder.publish();
    remove_checkpoints(model.output, 0);
    return drive(model, run, recorder, options);
}

}  // namespace

RunSummary run_model(const Model& model, const RunOptions& options) {
    return run_anew(model, options, [](Run&) {});
}

RunSummary resume(const Model& model, OpenCheckpoint checkpoint, const RunOptions& options) {
    Replaced replaced;
    const WritersLock& lock = replaced.lock.emplace(model.output);
    if (lock.failure())
        throw Error(
            ExitCode::cannot_create_output,
            fmt::format("cannot write \"{}\": {}", model.output, std::strerror(lock.failure())));
    if (!lock.is_held()) reject_being_written(model.output);
    check_not_read(model.output, model);
    const CheckpointHead& head = checkpoint.head;
    const ReadingTrial& trial = model.directory.trial;
    try_reading(trial, rows_reading,
                {model.output, std::to_string(head.step), std::to_string(head.events)},
                {model.output, 0, 0});
    remove_unfinished(model.output);
    check_room_for_copy(model.output);
    Run run(model, 1, options.threads, Run::Start::to_resume);
    Recorder recorder(model.program, model.recordings, description_of(model, head.data),
                      model.output, Replacing::yes, writing_of(options));
    run.begin(&recorder);
    run.resume(checkpoint.rest, head.step);
    StopRequest nobody;
    replaced.last = take_rows(head, recorder, model.output, stop_of(options, nobody));
    remove_checkpoints_after(model.output, head.step);
    return drive(model, run, recorder, options, &replaced);
}

RunSummary branch_run(const Model& model, const std::string& run_file, OpenCheckpoint checkpoint,
                      const RunOptions& options, std::vector<std::string>& notes) {
    check_not_input(model.output, run_file);
    for (const std::int64_t step : checkpoint_steps(run_file))
        check_not_input(model.output, checkpoint_path(run_file, step));
    for (const std::int64_t step : checkpoint_steps(model.output))  // which are removed
        check_not_input(checkpoint_path(model.output, step), checkpoint.rest.path());
    const std::vector<std::string> anew = begun_anew(checkpoint.head, model);
    return run_anew(model, options, [&](Run& run) {
        const std::string other =
            differing_data(data_presented(checkpoint.head.data), data_presented(run.data()));
        notes = run.branch(checkpoint.rest, checkpoint.head.step, anew);
        if (!other.empty())
            notes.push_back(
                fmt::format("the run that it is forked from read other data in {}", other));
    });
}

void close_after(const Error& error, Recorder& recorder, std::int64_t steps) {
    if (error.code() == ExitCode::numerical_failure)
        recorder.close(steps, std::nan(""), error.what());
}

}  // namespace apical

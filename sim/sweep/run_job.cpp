#include "sim/sweep/run_job.hpp"

#include <fmt/format.h>

#include <cctype>
#include <filesystem>
#include <limits>

#include "sim/runs/run_model.hpp"

namespace apical {

namespace {

// The name with only those characters that every file system takes.
std::string plain(const std::string& name) {
    std::string text;
    for (const char c : name) {
        if (std::isalnum(static_cast<unsigned char>(c))) {
            text += c;
        } else if (!text.empty() && text.back() != '_') {
            text += '_';
        }
    }
    while (!text.empty() && text.back() == '_') text.pop_back();
    return text;
}

// "figure1.runs/DNI_b-add-3-1f2e3d4c.h5", from the result's folder; empty when it is not kept.
std::string run_file_of(const Sweep& sweep, const JobList& list, const Job& job) {
    if (!job.keep) return "";
    const Condition& condition = list.conditions[job.condition];
    constexpr std::size_t enough_of_id = 8;
    return fmt::format("{}/{}-{}-{}-{}.h5",
                       std::filesystem::path(runs_folder(sweep.output)).filename().string(),
                       plain(sweep.models[condition.model].name), plain(condition.task_name),
                       job.seed, job.id.substr(0, enough_of_id));
}

// All of a result but what only the run tells.
JobResult planned(const Sweep& sweep, const JobList& list, const Job& job) {
    const Condition& condition = list.conditions[job.condition];
    JobResult result;
    result.id = job.id;
    result.model = sweep.models[condition.model].name;
    result.task = condition.task_name;
    result.values = condition.values;
    result.seed = job.seed;
    result.configuration = condition.configuration;
    result.data = condition.data;
    result.bounds = condition.bounds;
    result.run_file = run_file_of(sweep, list, job);
    return result;
}

}  // namespace

std::optional<JobResult> run_job(const Sweep& sweep, const JobList& list, const Job& job,
                                 const std::atomic<bool>& stopped) {
    const Model model = load_job(sweep, list.conditions[job.condition], job.seed);
    JobResult result = planned(sweep, list, job);
    Run run(model, sweep.blocks);
    check_job(sweep, list, job, model, run.data());
    std::optional<Recorder> recorder;
    if (job.keep) {
        recorder.emplace(model.program, model.recordings, description_of(model, run.data()),
                         std::filesystem::path(sweep.output).parent_path() / result.run_file,
                         Replacing::yes);
        recorder->publish();
    }
    run.begin(recorder ? &*recorder : nullptr);
    run.record_start();
    try {
        while (run.advance())
            if (stopped) return std::nullopt;
        const RunSummary summary = run.finish();
        if (recorder) recorder->close(summary.steps, summary.loss, "", summary.loss_steps);
        result.loss = summary.loss;
        result.loss_steps = summary.loss_steps;
        result.seconds = summary.seconds;
        result.alignment = summary.diagnosis.alignment;
        if (const std::optional<FrozenLoss>& frozen = summary.frozen) {
            result.frozen = frozen->loss.mean;
            result.frozen_sem = frozen->loss.error;
            if (frozen->error) result.frozen_error = frozen->error->mean;
        }
    } catch (const Error& error) {
        if (error.code() != ExitCode::numerical_failure) throw;
        if (recorder) close_after(error, *recorder, run.steps());
        result.failure = error.what();
        result.loss = std::numeric_limits<double>::quiet_NaN();
    }
    result.steps = run.steps();
    if (!model.circuit.has_loss()) return result;
    result.block_steps = run.curve().block_steps();
    result.block_losses = run.curve().block_losses();
    return result;
}

}  // namespace apical

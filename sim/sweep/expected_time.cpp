#include "sim/sweep/expected_time.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "sim/runs/engine_version.hpp"
#include "sim/runs/run.hpp"
#include "sim/sweep/sweep_result.hpp"
#include "sim/system/seconds_since.hpp"

namespace apical {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_measured = 200;

// The time of a step in s, from a few of them.
double measure_step(Run& run) {
    const auto begin = Clock::now();
    try {
        run.advance();
    } catch (const Error& error) {
        if (error.code() != ExitCode::numerical_failure) throw;
    }
    return seconds_since(begin) / static_cast<double>(std::max<std::int64_t>(1, run.steps()));
}

// The time, in s, to store a job's result, measured in the folder of the sweep's output, or among
// the temporary files when that is not there. 0 where nothing can be written: running the sweep
// will say so.
double measure_storing(const Sweep& sweep, const Condition& condition) {
    namespace fs = std::filesystem;
    std::error_code none;
    const fs::path folder = fs::path(sweep.output).parent_path();
    const bool is_there = !folder.empty() && fs::is_directory(folder, none);
    const fs::path path = (is_there ? folder : fs::temp_directory_path(none)) /
                          fmt::format("apical_trial_{}.h5", getpid());
    JobResult job;
    job.values = condition.values;
    job.configuration = condition.configuration;
    job.block_steps.resize(static_cast<std::size_t>(sweep.blocks), 1);
    job.block_losses.resize(job.block_steps.size(), 0.0);
    const auto begin = Clock::now();
    try {
        write_result(path.string(),
                     {sweep.title, sweep.text, engine_version(), swept_names(sweep), {job}});
    } catch (const Error&) {
        return 0.0;
    }
    const double seconds = seconds_since(begin);
    fs::remove(path, none);
    return seconds;
}

}  // namespace

ExpectedTimes::ExpectedTimes(const Sweep& sweep, const JobList& list)
    : sweep_(sweep), list_(list), stride_((list.conditions.size() - 1) / most_measured + 1) {}

// The condition itself, or the one before it at a multiple of the stride; of its own model and
// task.
std::size_t ExpectedTimes::measured_for(std::size_t condition) const {
    std::size_t other = condition - condition % stride_;
    const auto is_alike = [&](std::size_t k) {
        return list_.conditions[k].model == list_.conditions[condition].model &&
               list_.conditions[k].task == list_.conditions[condition].task;
    };
    while (!is_alike(other)) ++other;
    return other;
}

ExpectedTimes::Measured ExpectedTimes::measure(const Condition& condition) const {
    const auto begin = Clock::now();
    const Model model = load_job(sweep_, condition, sweep_.seeds.front());
    Run run(model, sweep_.blocks);
    run.begin(nullptr);
    Measured measured;
    measured.time.begin = seconds_since(begin);
    measured.step = measure_step(run);
    return measured;
}

JobTime ExpectedTimes::of(std::size_t condition) {
    if (store_ == 0.0) store_ = measure_storing(sweep_, list_.conditions[condition]);
    const std::size_t other = measured_for(condition);
    if (!measured_.contains(other)) measured_[other] = measure(list_.conditions[other]);
    const Measured& measured = measured_[other];
    return {measured.time.begin,
            measured.step * static_cast<double>(list_.conditions[condition].steps), store_};
}

}  // namespace apical

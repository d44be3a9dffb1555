#include "sim/sweep/run_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

#include "sim/run_file/ranges.hpp"
#include "sim/sweep/expected_time.hpp"
#include "sim/sweep/run_job.hpp"
#include "sim/system/seconds_since.hpp"

namespace apical {

namespace {

constexpr auto between_looks = std::chrono::milliseconds(2);

bool is_mine(std::size_t job, const std::optional<Shard>& shard) {
    return !shard || job % shard->count == shard->index - 1;
}

// The jobs that have no result yet, each with the time that it is expected to take; with a single
// condition their order is of no consequence.
std::vector<JobQueue::Entry> missing_jobs(const Sweep& sweep, const JobList& list,
                                          const ResultStore& store,
                                          const std::optional<Shard>& shard) {
    std::vector<JobQueue::Entry> missing;
    for (std::size_t k = 0; k < list.jobs.size(); ++k)
        if (is_mine(k, shard) && !store.has(list.jobs[k])) missing.push_back({k, 1.0});
    if (list.conditions.size() == 1) return missing;
    ExpectedTimes times(sweep, list);
    for (JobQueue::Entry& entry : missing)
        entry.seconds = times.of(list.jobs[entry.job].condition).all();
    return missing;
}

std::string sentence(const Sweep& sweep, const JobList& list, std::size_t job,
                     const std::string& message) {
    return fmt::format("{}, seed {}: {}", name_of(sweep, list.conditions[list.jobs[job].condition]),
                       list.jobs[job].seed, message);
}

// Failures of now, and those that are results already.
void add_failures(SweepSummary& summary, const Sweep& sweep, const JobList& list,
                  const ResultStore& store, const std::vector<JobReport>& reports) {
    std::map<std::size_t, std::string> failures;
    for (std::size_t k = 0; k < list.jobs.size(); ++k) {
        const auto found = store.results().find(list.jobs[k].id);
        if (found != store.results().end() && !found->second.failure.empty())
            failures[k] = found->second.failure;
    }
    for (const JobReport& report : reports) failures[report.job] = report.message;
    for (const auto& [job, message] : failures)
        summary.failures.push_back(sentence(sweep, list, job, message));
}

// Holds the lock of a sweep, or of a shard, in folders made for it.
SweepLock locked(const Sweep& sweep, const JobList& list, const SweepOptions& options) {
    make_folders(sweep, list);
    return {parts_folder(sweep.output), sweep.output, options.shard};
}

ResultStore results_before(const Sweep& sweep, const JobList& list, const SweepOptions& options) {
    if (options.anew) delete_results(sweep, list);
    return {sweep, list};
}

}  // namespace

SweepRun::SweepRun(const Sweep& sweep, const JobList& list, const SweepOptions& options,
                   Ranks& ranks)
    : sweep_(sweep),
      list_(list),
      shard_(options.shard),
      ranks_(ranks),
      lock_(locked(sweep, list, options)),
      store_(results_before(sweep, list, options)),
      queue_(missing_jobs(sweep, list, store_, options.shard)),
      pool_(std::min(options.threads, std::max<std::size_t>(1, queue_.counts().jobs)), queue_,
            sweep, list, [this](JobResult&& result) { store_.add(std::move(result)); }) {}

void SweepRun::wait(const StopRequest& stop, const Listener<JobQueue>& progress) {
    while (!pool_.is_done() || !ranks_.all_left()) {
        if (stop.asked()) queue_.stop();
        ranks_.serve(queue_);
        progress.tell(queue_);
        std::this_thread::sleep_for(between_looks);
    }
    ranks_.serve(queue_);
    signal_ = stop.signal();
}

SweepSummary SweepRun::finish() {
    pool_.join();
    store_.read_parts();
    SweepSummary summary;
    summary.signal = signal_;
    summary.done = queue_.counts().done;
    for (std::size_t k = 0; k < list_.jobs.size(); ++k) {
        summary.jobs += is_mine(k, shard_);
        summary.missing += is_mine(k, shard_) && !store_.has(list_.jobs[k]);
    }
    summary.before = summary.jobs - queue_.counts().jobs;
    add_failures(summary, sweep_, list_, store_, queue_.failures());
    summary.notes = store_.notes();
    summary.gathered = !shard_;
    if (summary.gathered) store_.gather();
    summary.seconds = seconds_since(begin_);
    return summary;
}

void work_for(Ranks& ranks, const Sweep& sweep, const JobList& list, std::size_t threads) {
    RemoteJobs jobs;
    Pool(threads, jobs, sweep, list, [&](JobResult&& result) { store_part(sweep, result); }).join();
    ranks.leave();
}

namespace {

// A shard that was killed left the file of its lock behind.
void remove_lock_of_killed(const Sweep& sweep) {
    try {
        const SweepLock lock(apical::parts_folder(sweep.output), sweep.output, std::nullopt);
    } catch (const Error&) {  // another shard is at work
    }
}

}  // namespace

SweepSummary merge_sweep(const Sweep& sweep, const JobList& list) {
    ResultStore store(sweep, list);
    make_folders(sweep, list);
    SweepSummary summary;
    summary.jobs = list.jobs.size();
    for (const Job& job : list.jobs) summary.missing += !store.has(job);
    summary.before = summary.jobs - summary.missing;
    add_failures(summary, sweep, list, store, {});
    summary.notes = store.notes();
    summary.gathered = true;
    store.gather();
    remove_lock_of_killed(sweep);
    return summary;
}

SweepPlan plan_sweep(const Sweep& sweep, const JobList& list, const SweepOptions& options) {
    const ResultStore store(sweep, list);
    SweepPlan plan;
    ExpectedTimes times(sweep, list);
    std::vector<JobTime> of_condition;
    for (std::size_t k = 0; k < list.conditions.size(); ++k) of_condition.push_back(times.of(k));
    for (const JobTime& time : of_condition) plan.seconds.push_back(time.all());
    double sum = 0.0, longest = 0.0, storing = 0.0;
    constexpr double bytes_of_row = 400.0, bytes_of_block = 16.0;
    for (std::size_t k = 0; k < list.jobs.size(); ++k) {
        const Job& job = list.jobs[k];
        plan.bytes += bytes_of_row + bytes_of_block * static_cast<double>(sweep.blocks);
        if (job.keep) plan.bytes += list.conditions[job.condition].run_file_bytes;
        if (!is_mine(k, options.shard) || store.has(job)) continue;
        ++plan.missing;
        sum += plan.seconds[job.condition];
        longest = std::max(longest, plan.seconds[job.condition]);
        storing += of_condition[job.condition].store;
    }
    plan.total_seconds = std::max({longest, storing, sum / static_cast<double>(options.threads)});
    return plan;
}

Shard shard_of(const std::string& text) {
    const std::string_view whole = text;
    const std::size_t slash = std::min(whole.find('/'), whole.size());
    const auto index = whole_number(whole.substr(0, slash)),
               count = whole_number(whole.substr(std::min(slash + 1, whole.size())));
    if (!index || !count || *index < 1 || *index > *count)
        throw Error(ExitCode::usage, fmt::format("`shard` {}: expected I/N with I from 1 to N, as "
                                                 "in 2/8",
                                                 shortened(text)));
    return {static_cast<std::size_t>(*index), static_cast<std::size_t>(*count)};
}

}  // namespace apical

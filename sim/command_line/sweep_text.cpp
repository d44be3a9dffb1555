#include "sim/command_line/sweep_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/command_line/progress.hpp"

namespace apical {

namespace {

std::string of_shard(const SweepOptions& options) {
    return options.shard
               ? fmt::format(" in shard {} of {}", options.shard->index, options.shard->count)
               : "";
}

std::string counted(std::size_t count, const std::string& what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

std::string summary_text(const Sweep& sweep, const SweepSummary& summary,
                         const SweepOptions& options) {
    std::string text = fmt::format("{:<8} {}\n", "sweep",
                                   on_one_line(sweep.title.empty() ? sweep.path : sweep.title));
    text += fmt::format("{:<8} {}{}: {} now, {} before, {} failed, {} missing{}\n", "jobs",
                        summary.jobs, of_shard(options), summary.done, summary.before,
                        summary.failures.size(), summary.missing,
                        summary.signal != 0 ? ", interrupted" : "");
    text += fmt::format("{:<8} {} on {}\n", "time", duration_text(summary.seconds),
                        counted(options.threads, "thread"));
    for (const std::string& failure : summary.failures)
        text += fmt::format("{:<8} {}\n", "failed", on_one_line(failure));
    if (summary.gathered)
        return text + fmt::format("{:<8} {}\n", "file", on_one_line(sweep.output));
    return text + fmt::format("{:<8} apical sweep {} --merge -o {}, when all shards are done\n",
                              "next", on_one_line(sweep.path), on_one_line(sweep.output));
}

std::string plan_text(const Sweep& sweep, const JobList& list, const SweepPlan& plan,
                      const SweepOptions& options) {
    std::vector<std::size_t> seeds(list.conditions.size(), 0);
    for (const Job& job : list.jobs) ++seeds[job.condition];
    std::size_t width = 3;
    for (const Condition& condition : list.conditions)
        width = std::max(width, name_of(sweep, condition).size());
    std::string text =
        fmt::format("{:<{}}  {:>5}  {:>9}  {:>10}\n", "job", width, "seeds", "steps", "s each");
    for (std::size_t k = 0; k < list.conditions.size(); ++k)
        text += fmt::format("{:<{}}  {:>5}  {:>9}  {:>10.2f}\n", name_of(sweep, list.conditions[k]),
                            width, seeds[k], list.conditions[k].steps, plan.seconds[k]);
    return text + fmt::format("\n{} of {}{} to run: about {} on {}; {:.1f} MB on the disk\n",
                              plan.missing, counted(list.jobs.size(), "job"), of_shard(options),
                              duration_text(plan.total_seconds), counted(options.threads, "thread"),
                              plan.bytes * 1e-6);
}

}  // namespace apical

// One trial of a run, from the table that its run file has of them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/program/program.hpp"
#include "circuits/text/value.hpp"
#include "sim/numbers/loss_text.hpp"
#include "sim/show/inspect/inspect.hpp"

namespace apical {

namespace {

struct StoredTrial {
    std::int64_t first = 0, steps = 0, type = 0;
    std::optional<double> loss = {};  // none of a run without one, or where no step counted
};

// The row of the trial; rows are those of a run's trials, in their order.
StoredTrial trial_of(const StoredRun& run, std::int64_t number) {
    const std::string address(clock_name::number);
    if (!run.has(address))
        throw Error(ExitCode::usage, fmt::format("{} has no trials; expected the run of a model "
                                                 "with [trial] or a task that has trials",
                                                 run.path()));
    const StoredQuantity& numbers = run.find(address);
    const std::vector<double> all = run.read(numbers, 0, numbers.rows);
    const auto found = std::find(all.begin(), all.end(), static_cast<double>(number));
    if (found == all.end())
        throw Error(ExitCode::usage,
                    fmt::format("{} has no trial {}; it came to the end of {} trial{}", run.path(),
                                number, all.empty() ? 0.0 : all.back(),
                                !all.empty() && all.back() == 1.0 ? "" : "s"));
    const auto row = static_cast<std::uint64_t>(found - all.begin());
    const auto at = [&](std::string_view name) { return run.read(run.find(name), row, 1).front(); };
    StoredTrial trial{std::llround(at(clock_name::first_step)), std::llround(at(clock_name::steps)),
                      std::llround(at(clock_name::type))};
    if (!run.has(clock_name::loss)) return trial;
    const double loss = at(clock_name::loss);
    if (std::isfinite(loss)) trial.loss = loss;
    return trial;
}

}  // namespace

std::string trial_text(const StoredRun& run, std::int64_t number) {
    const StoredTrial trial = trial_of(run, number);
    return fmt::format("trial    {}\nsteps    {} to {} ({})\ntype     {}\n{}", number, trial.first,
                       trial.first + trial.steps - 1, trial.steps, trial.type,
                       trial.loss ? fmt::format("loss     {}  mean of the steps that counted\n",
                                                loss_text(*trial.loss))
                                  : "");
}

std::string trial_json(const StoredRun& run, std::int64_t number) {
    const StoredTrial trial = trial_of(run, number);
    Table table{{entry("trial", number), entry("first_step", trial.first),
                 entry("steps", trial.steps), entry("type", trial.type)}};
    if (trial.loss) table.entries.push_back(entry("loss", *trial.loss));
    return to_json(table);
}

}  // namespace apical

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "sim/sweep/report.hpp"

namespace apical {

namespace {

std::string number(double value) {
    if (std::isnan(value)) return "-";
    constexpr double small = 0.1, large = 1e3;
    if (value != 0.0 && (std::abs(value) < small || std::abs(value) >= large))
        return fmt::format("{:.3g}", value);
    return fmt::format("{:.4f}", value);
}

// Between which two bounds a loss lies, and how far down from the upper one it has come.
std::string place(double loss, std::vector<Bound> bounds) {
    if (bounds.empty() || std::isnan(loss)) return "";
    std::sort(bounds.begin(), bounds.end(),
              [](const Bound& a, const Bound& b) { return a.loss > b.loss; });
    if (loss >= bounds.front().loss) return fmt::format("above \"{}\"", bounds.front().name);
    for (std::size_t k = 1; k < bounds.size(); ++k) {
        if (loss < bounds[k].loss) continue;
        return fmt::format(
            "{:.0f} % of the way from \"{}\" to \"{}\"",
            100.0 * (bounds[k - 1].loss - loss) / (bounds[k - 1].loss - bounds[k].loss),
            bounds[k - 1].name, bounds[k].name);
    }
    return fmt::format("below \"{}\"", bounds.back().name);
}

std::vector<std::string> tasks_of(const std::vector<ReportedCondition>& conditions) {
    std::vector<std::string> tasks;
    for (const ReportedCondition& condition : conditions) {
        if (std::find(tasks.begin(), tasks.end(), condition.task) == tasks.end())
            tasks.push_back(condition.task);
    }
    return tasks;
}

std::size_t width_of(const SweepResult& result, const std::vector<ReportedCondition>& conditions) {
    std::size_t width = 5;
    for (const ReportedCondition& condition : conditions)
        width = std::max(width, name_of(result, condition).size());
    return width;
}

std::string bounds_text(const std::vector<ReportedCondition>& conditions, const std::string& task,
                        std::size_t width) {
    std::string text;
    std::vector<std::string> shown;
    for (const ReportedCondition& condition : conditions) {
        if (condition.task != task) continue;
        for (const Bound& bound : condition.bounds) {
            const std::string line =
                fmt::format("  {:<{}}  {:>8}\n", "bound: " + on_one_line(bound.name), width,
                            number(bound.loss));
            if (std::find(shown.begin(), shown.end(), line) == shown.end()) shown.push_back(line);
        }
    }
    for (const std::string& line : shown) text += line;
    return text;
}

// "200 steps"
std::string window_text(const std::vector<ReportedCondition>& conditions) {
    std::set<std::int64_t> lengths;
    for (const ReportedCondition& condition : conditions)
        if (!condition.jobs.empty() && !std::isnan(condition.loss))
            lengths.insert(condition.loss_steps);
    if (lengths.empty()) return "tenth of the steps";
    if (lengths.size() == 1) return fmt::format("{} steps", *lengths.begin());
    return fmt::format("tenth of the steps, {} to {}", *lengths.begin(), *lengths.rbegin());
}

// The table of jobs whose models have no loss.
std::string jobs_text(const SweepResult& result, const std::vector<ReportedCondition>& conditions,
                      const std::string& task, std::size_t width) {
    std::string text = fmt::format("  {:<{}}  {:>5}\n", "no loss", width, "seeds");
    for (const ReportedCondition& condition : conditions) {
        if (condition.task != task) continue;
        text += fmt::format(
            "  {:<{}}  {:>5}{}\n", name_of(result, condition), width, condition.jobs.size(),
            condition.failed > 0 ? fmt::format("  {} failed", condition.failed) : "");
    }
    return text;
}

std::string losses_text(const SweepResult& result, const std::vector<ReportedCondition>& conditions,
                        const std::string& task, std::size_t width, ReportOf of) {
    if (result.lacks_losses()) return jobs_text(result, conditions, task, width);
    const bool both = of == ReportOf::learning && result.has_frozen();
    std::string text = fmt::format("  {:<{}}  {:>8}  {:>8}{}  {:>5}\n", "loss", width, "mean",
                                   "S.E.M.", both ? "    frozen    S.E.M." : "", "seeds");
    for (const ReportedCondition& condition : conditions) {
        if (condition.task != task) continue;
        std::string rest = place(condition.loss, condition.bounds);
        if (condition.failed > 0)
            rest = fmt::format("{} failed{}{}", condition.failed, rest.empty() ? "" : "; ", rest);
        const std::string frozen =
            both ? fmt::format("  {:>8}  {:>8}", number(condition.frozen.mean),
                               number(condition.frozen.error))
                 : "";
        text += fmt::format("  {:<{}}  {:>8}  {:>8}{}  {:>5}{}{}\n", name_of(result, condition),
                            width, number(condition.loss), number(condition.error), frozen,
                            condition.jobs.size(), rest.empty() ? "" : "  ", rest);
    }
    return text;
}

std::string comparisons_text(const SweepResult& result,
                             const std::vector<ReportedCondition>& conditions,
                             const std::vector<Comparison>& comparisons, const std::string& task) {
    std::string text;
    std::size_t width = 10;
    const auto pair = [&](const Comparison& one) {
        return fmt::format("{} < {}", name_of(result, conditions[one.lower]),
                           name_of(result, conditions[one.higher]));
    };
    const auto is_here = [&](const Comparison& one) { return conditions[one.lower].task == task; };
    for (const Comparison& one : comparisons)
        if (is_here(one)) width = std::max(width, pair(one).size());
    for (const Comparison& one : comparisons) {
        if (!is_here(one)) continue;
        if (text.empty())
            text = fmt::format("\n  {:<{}}  {:>10}  {:>8}  {:>8}  {:>8}\n", "lower than", width,
                               "difference", "S.E.M.", "in seeds", "p");
        text += fmt::format("  {:<{}}  {:>10}  {:>8}  {:>8}  {:>8.2g}\n", pair(one), width,
                            number(one.difference), number(one.error),
                            fmt::format("{}/{}", one.right, one.seeds), one.p);
    }
    return text;
}

std::string what_is_meant(const SweepResult& result,
                          const std::vector<ReportedCondition>& conditions, ReportOf of) {
    const std::string frozen =
        "of the loss after the last step, while nothing learns, over seeds\n";
    if (of == ReportOf::frozen) return "mean, S.E.M.   " + frozen;
    return fmt::format("mean, S.E.M.   of the mean loss of the last {}, over seeds\n",
                       window_text(conditions)) +
           (result.has_frozen() ? "frozen, S.E.M. " + frozen : "");
}

}  // namespace

std::string report_text(const SweepResult& result, ReportOf of) {
    const std::vector<ReportedCondition> conditions = conditions_of(result);
    const std::vector<Comparison> comparisons = comparisons_of(conditions);
    const std::size_t width = width_of(result, conditions) + 2;
    std::string text = result.title.empty() ? "" : on_one_line(result.title) + "\n\n";
    for (const std::string& task : tasks_of(conditions)) {
        text += fmt::format("task {}\n", on_one_line(task)) +
                losses_text(result, conditions, task, width, of) +
                bounds_text(conditions, task, width) +
                comparisons_text(result, conditions, comparisons, task) + "\n";
    }
    for (const std::string& note : data_notes(conditions)) text += note + '\n';
    if (result.lacks_losses())
        return text +
               "no loss        no circuit has an output that is compared with a label, so there is "
               "nothing to rank by;\n               what the jobs recorded is in their run files "
               "(`[[keep]]`)\n";
    return text + what_is_meant(result, conditions, of) +
           "difference     paired over seeds; p of a two-sided sign test; not corrected for the "
           "number of comparisons\n";
}

std::string report_json(const SweepResult& result) {
    const std::vector<ReportedCondition> conditions = conditions_of(result);
    Array losses, comparisons;
    for (const ReportedCondition& condition : conditions) {
        Table row{{entry("model", condition.model), entry("task", condition.task)}};
        for (std::size_t k = 0; k < result.names.size(); ++k)
            row.entries.push_back(entry(result.names[k], condition.values[k].content));
        row.entries.push_back(entry("loss", condition.loss));
        row.entries.push_back(entry("sem", condition.error));
        row.entries.push_back(entry("loss_steps", condition.loss_steps));
        if (result.has_frozen()) {
            row.entries.push_back(entry("frozen", condition.frozen.mean));
            row.entries.push_back(entry("frozen_sem", condition.frozen.error));
        }
        row.entries.push_back(entry("seeds", static_cast<std::int64_t>(condition.jobs.size())));
        row.entries.push_back(entry("failed", static_cast<std::int64_t>(condition.failed)));
        losses.push_back(value_of(std::move(row)));
    }
    for (const Comparison& one : comparisons_of(conditions)) {
        Table row{{entry("task", conditions[one.lower].task),
                   entry("lower", name_of(result, conditions[one.lower])),
                   entry("higher", name_of(result, conditions[one.higher])),
                   entry("difference", one.difference), entry("sem", one.error),
                   entry("seeds", static_cast<std::int64_t>(one.seeds)),
                   entry("right", static_cast<std::int64_t>(one.right)), entry("p", one.p)}};
        comparisons.push_back(value_of(std::move(row)));
    }
    Array notes;
    for (const std::string& note : data_notes(conditions)) notes.push_back(value_of(note));
    return to_json(
        Table{{entry("title", result.title), entry("losses", std::move(losses)),
               entry("comparisons", std::move(comparisons)), entry("notes", std::move(notes))}});
}

}  // namespace apical

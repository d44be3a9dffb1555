#include "sim/sweep/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <map>

#include "sim/hdf5/data_source.hpp"

namespace apical {

namespace {

bool same(const std::vector<Value>& a, const std::vector<Value>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Value& x, const Value& y) {
        return inline_text(x) == inline_text(y);
    });
}

// The number of things in which two conditions of a task differ.
std::size_t differences(const ReportedCondition& a, const ReportedCondition& b) {
    std::size_t count = a.model != b.model;
    for (std::size_t k = 0; k < a.values.size(); ++k)
        count += inline_text(a.values[k]) != inline_text(b.values[k]);
    return count;
}

Comparison compare(const std::vector<ReportedCondition>& conditions, std::size_t a, std::size_t b) {
    std::vector<double> differences;  // b - a
    for (const JobResult* one : conditions[a].jobs) {
        for (const JobResult* other : conditions[b].jobs)
            if (one->seed == other->seed && !one->lacks_loss() && !other->lacks_loss())
                differences.push_back(other->loss - one->loss);
    }
    Comparison found{a, b, differences.size(), 0, 0.0, 0.0, 1.0};
    if (differences.empty()) return found;
    const MeanError mean = mean_and_error(differences);
    if (mean.mean < 0.0) std::swap(found.lower, found.higher);
    const double sign = mean.mean < 0.0 ? -1.0 : 1.0;
    found.difference = std::abs(mean.mean);
    found.error = mean.error;
    std::size_t ties = 0;
    for (const double difference : differences) {
        found.right += sign * difference > 0.0;
        ties += difference == 0.0;
    }
    const std::size_t count = found.seeds - ties;
    found.p = sign_test(std::max(found.right, count - found.right), count);
    return found;
}

}  // namespace

SweepResult of_frozen(SweepResult result, const std::string& path) {
    if (!result.has_frozen())
        throw Error(ExitCode::bad_model,
                    fmt::format("{}: no job was evaluated; expected a sweep with "
                                "`[evaluate]` in its models, or under `[set]`",
                                path));
    for (JobResult& job : result.jobs) job.loss = job.frozen;
    return result;
}

std::vector<ReportedCondition> conditions_of(const SweepResult& result) {
    std::vector<ReportedCondition> conditions;
    for (const JobResult& job : result.jobs) {
        auto condition =
            std::find_if(conditions.begin(), conditions.end(), [&](const ReportedCondition& one) {
                return one.model == job.model && one.task == job.task &&
                       same(one.values, job.values);
            });
        if (condition == conditions.end())
            condition = conditions.insert(conditions.end(), {job.model,
                                                             job.task,
                                                             job.values,
                                                             job.bounds,
                                                             {},
                                                             0,
                                                             0.0,
                                                             0.0,
                                                             job.loss_steps,
                                                             job.data,
                                                             {}});
        if (job.failure.empty()) {
            condition->loss_steps = job.loss_steps;
            condition->jobs.push_back(&job);
        } else {
            ++condition->failed;
        }
    }
    for (ReportedCondition& condition : conditions) {
        std::sort(condition.jobs.begin(), condition.jobs.end(),
                  [](const JobResult* a, const JobResult* b) { return a->seed < b->seed; });
        std::vector<double> losses, frozen;
        for (const JobResult* job : condition.jobs) {
            if (!job->lacks_loss()) losses.push_back(job->loss);
            if (!std::isnan(job->frozen)) frozen.push_back(job->frozen);
        }
        condition.frozen = mean_and_error(frozen);
        const MeanError mean = mean_and_error(losses);
        condition.loss = mean.mean;
        condition.error = mean.error;
    }
    return conditions;
}

// The part of a key's end that tells it from the others: "size" of "population.hidden.size".
std::string short_name(const std::vector<std::string>& names, std::size_t which) {
    const std::string& name = names[which];
    for (std::size_t dot = name.rfind('.'); dot != std::string::npos && dot > 0;
         dot = name.rfind('.', dot - 1)) {
        const std::string end = name.substr(dot);
        if (std::count_if(names.begin(), names.end(),
                          [&](const std::string& one) { return one.ends_with(end); }) == 1)
            return end.substr(1);
    }
    return name;
}

std::string name_of(const std::vector<std::string>& names, const ReportedCondition& condition) {
    std::string name = condition.model;
    for (std::size_t k = 0; k < names.size(); ++k)
        name += fmt::format(", {} = {}", short_name(names, k), inline_text(condition.values[k]));
    return on_one_line(name);
}

std::string name_of(const SweepResult& result, const ReportedCondition& condition) {
    return name_of(result.names, condition);
}

bool same_task_data(const ReportedCondition& a, const ReportedCondition& b) {
    return data_of_uses(a.data, {"task"}) == data_of_uses(b.data, {"task"});
}

std::vector<std::string> data_notes(const std::vector<ReportedCondition>& conditions) {
    std::map<std::string, const ReportedCondition*> first;  // by task
    std::map<std::string, std::string> notes;
    for (const ReportedCondition& condition : conditions) {
        const ReportedCondition& other = *first.emplace(condition.task, &condition).first->second;
        if (same_task_data(condition, other)) continue;
        notes.emplace(
            condition.task,
            fmt::format("task {}: {} and {} read different data ({}) and are not compared",
                        condition.task, other.model, condition.model,
                        differing_data(data_of_uses(other.data, {"task"}),
                                       data_of_uses(condition.data, {"task"}))));
    }
    std::vector<std::string> all;
    for (const auto& [task, note] : notes) all.push_back(note);
    return all;
}

std::vector<Comparison> comparisons_of(const std::vector<ReportedCondition>& conditions) {
    std::vector<Comparison> comparisons;
    for (std::size_t a = 0; a < conditions.size(); ++a) {
        for (std::size_t b = a + 1; b < conditions.size(); ++b) {
            if (conditions[a].task != conditions[b].task ||
                differences(conditions[a], conditions[b]) != 1)
                continue;
            if (!same_task_data(conditions[a], conditions[b])) continue;
            const Comparison found = compare(conditions, a, b);
            if (found.seeds > 0) comparisons.push_back(found);
        }
    }
    return comparisons;
}

double sign_test(std::size_t most, std::size_t count) {
    if (count == 0) return 1.0;
    const boost::math::binomial coins(static_cast<double>(count), 0.5);
    if (most == 0) return 1.0;
    return std::min(1.0, 2.0 * cdf(complement(coins, static_cast<double>(most) - 1.0)));
}

}  // namespace apical

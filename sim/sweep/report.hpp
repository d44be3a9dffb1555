#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/numbers/mean_error.hpp"
#include "sim/sweep/sweep_result.hpp"

namespace apical {

// The jobs of a result that differ in their seed alone.
struct ReportedCondition {
    std::string model, task;
    std::vector<Value> values;  // of SweepResult::names
    std::vector<Bound> bounds;
    std::vector<const JobResult*> jobs;  // that were completed, by rising seed
    std::size_t failed = 0;
    double loss = 0.0;   // mean of the jobs' losses; not a number of none
    double error = 0.0;  // S.E.M.: standard deviation (n - 1) over sqrt(n); not a number of one
    std::int64_t loss_steps = 0;  // the last of each job, which its loss is the mean of
    std::string data;             // that the jobs read, as `text_of` says
    MeanError frozen = {};  // of the jobs' frozen losses; not numbers where none was evaluated
};

// Which loss of each job is reported: that while learning, or the frozen one of its last
// evaluation.
enum class ReportOf : std::uint8_t { learning, frozen };
// The result with the other loss in the place of that while learning. Throws Error{bad_model} when
// no job was evaluated.
SweepResult of_frozen(SweepResult result, const std::string& path);

// Conditions in the order of the result, which must outlive them.
std::vector<ReportedCondition> conditions_of(const SweepResult& result);

// "DNI(b), plasticity.recurrent.rate = 0.001"
std::string name_of(const SweepResult& result, const ReportedCondition& condition);
// The name of a condition as above, `names` being those of the condition's values.
std::string name_of(const std::vector<std::string>& names, const ReportedCondition& condition);

// Whether the tasks of two conditions presented the same data; only then is a difference of theirs
// one of what they differ in.
bool same_task_data(const ReportedCondition& a, const ReportedCondition& b);
// A sentence for each task whose conditions read different data, naming it.
std::vector<std::string> data_notes(const std::vector<ReportedCondition>& conditions);

// Two conditions of a task with the same data that differ in one thing alone, their model or a
// parameter, over the seeds that both have.
struct Comparison {
    std::size_t lower = 0, higher = 0;  // conditions, by mean loss over these seeds
    std::size_t seeds = 0, right = 0;   // in how many the lower one is lower
    double difference = 0.0;            // mean of higher - lower, not below 0
    double error = 0.0;                 // its S.E.M.
    double p = 1.0;                     // of a two-sided sign test, without ties
};
std::vector<Comparison> comparisons_of(const std::vector<ReportedCondition>& conditions);

// Exact two-sided sign test: the probability that of `count` fair coins as many or more fall on one
// side as `most` or `count - most`. 1 of none.
double sign_test(std::size_t most, std::size_t count);

// The output of `apical report`; of a result that `of_frozen` made, `of` says so.
std::string report_text(const SweepResult& result, ReportOf of = ReportOf::learning);
std::string report_json(const SweepResult& result);

}  // namespace apical

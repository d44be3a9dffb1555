#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/tasks/task.hpp"

namespace apical {

// What a task is, known when it is made.
struct TaskFacts {
    TaskShape shape;
    std::vector<Bound> bounds;
    std::vector<std::string> streams;  // that its draws are from
};

// A task whose input and label of a step depend on the number of the step, and on draws by that
// number, alone: any step can be shown without those before it.
class ShownTask : public Task {
public:
    explicit ShownTask(TaskFacts facts) : facts_(std::move(facts)) {}

    TaskShape shape() const final { return facts_.shape; }
    std::vector<Bound> bounds() const final { return facts_.bounds; }
    std::vector<std::string> streams() const final { return facts_.streams; }
    std::unique_ptr<Presentation> begin() const final;

    // Shows a step, counted from 0. `label` is empty where the circuit has none.
    virtual void show(std::int64_t step, std::span<double> input,
                      std::span<double> label) const = 0;

private:
    TaskFacts facts_;
};

// One whose steps are divided into trials of one length, with the same periods.
class TrialTask : public ShownTask {
public:
    TrialTask(TaskFacts facts, std::vector<Period> periods, std::vector<std::string> counts)
        : ShownTask(std::move(facts)), periods_(std::move(periods)), counts_(std::move(counts)) {}

    TrialShape trial(std::int64_t k) const final { return {length(), periods_, type(k)}; }
    std::vector<std::string> counts() const final { return counts_; }
    bool asks_once() const override { return true; }
    void show(std::int64_t step, std::span<double> input, std::span<double> label) const final;

protected:
    // Shows step `t` of a trial, both counted from 0. Inputs and labels are zeros before.
    virtual void show_trial(std::int64_t trial, std::int64_t t, std::span<double> input,
                            std::span<double> label) const = 0;
    virtual int type(std::int64_t trial) const = 0;
    std::int64_t length() const { return periods_.back().to; }
    bool is_in(std::size_t period, std::int64_t t) const {
        return t >= periods_[period].from && t < periods_[period].to;
    }

private:
    std::vector<Period> periods_;
    std::vector<std::string> counts_;
};

// Periods one behind the other, of these lengths; those of no step are left in, empty.
std::vector<Period> periods_of(const std::vector<std::pair<std::string, std::int64_t>>& lengths);

// Throws Error{bad_model} when the period, which a key of its name gives, has no step.
void check_period(const Section& task, const Period& period);

// -p ln p - (1 - p) ln(1 - p): the least mean cross-entropy of a fair guess at what is true with
// probability p.
double entropy_of(double p);

}  // namespace apical

#include "sim/tasks/firing_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "circuits/text/error.hpp"

namespace apical {

namespace {

// What all presentations of a task have in common.
struct FiringCells {
    FiringInput firing;
    std::string name;  // of the population
    std::size_t count = 0;
    double step_ms = 0.0;
    Stream draws;
    std::size_t shown = 0;  // inputs of the task

    // What an input of 1 makes a cell fire, or a rate that is given.
    double spikes_a_step() const {
        constexpr double ms_a_second = 1000.0;
        if (firing.rate_hz) return *firing.rate_hz * step_ms / ms_a_second;
        return firing.unit_hz ? *firing.unit_hz * step_ms / ms_a_second : 1.0;
    }
};

[[noreturn]] void fail(const FiringCells& cells, std::int64_t step, std::size_t cell, double input,
                       const std::string& expected) {
    throw Error(ExitCode::numerical_failure,
                fmt::format("step {}: the input of cell {} of \"{}\" is {:.6g}; expected {}", step,
                            cell, cells.name, input, expected));
}

class FiringPresentation final : public Presentation {
public:
    FiringPresentation(const FiringCells& cells, std::unique_ptr<Presentation> shown)
        : cells_(cells), shown_(std::move(shown)), x_(cells.shown) {
        if (cells.firing.by == FiresBy::latency) taken_.resize(cells.count);
    }

    void present(std::int64_t step, std::span<double> input, std::span<double> label) override {
        shown_->present(step, x_, label);
        switch (cells_.firing.by) {
            case FiresBy::bernoulli:
            case FiresBy::poisson:
                return draw(step, input);
            case FiresBy::latency:
                return wait(step, input);
        }
    }

    std::vector<double> memory() const override {
        std::vector<double> all = shown_->memory();
        all.insert(all.end(), taken_.begin(), taken_.end());
        return all;
    }
    void recall(std::int64_t step, std::span<const double> memory) override {
        const std::size_t own = std::min(taken_.size(), memory.size()),
                          of_task = memory.size() - own;
        shown_->recall(step, memory.first(of_task));
        std::copy_n(memory.begin() + static_cast<std::ptrdiff_t>(of_task), own, taken_.begin());
    }

private:
    void draw(std::int64_t step, std::span<double> input) const {
        const double unit = cells_.spikes_a_step();
        const bool is_given = cells_.firing.rate_hz.has_value();
        for (std::size_t i = 0; i < input.size(); ++i) {
            const double expected = is_given ? unit : unit * x_[i];
            input[i] = cells_.draws.uniform(static_cast<std::uint64_t>(step), i) <
                               probability(step, i, expected)
                           ? 1.0
                           : 0.0;
        }
    }

    double probability(std::int64_t step, std::size_t cell, double expected) const {
        const bool once = cells_.firing.by == FiresBy::bernoulli;
        if (expected >= 0.0 && (!once || expected <= 1.0))
            return once ? expected : -std::expm1(-expected);
        const double unit = cells_.spikes_a_step();
        fail(cells_, step, cell, x_[cell],
             once ? fmt::format("from 0 to {:.6g}: it would fire with the probability {:.6g}",
                                1.0 / unit, expected)
                  : "none below 0, as a rate is");
    }

    void wait(std::int64_t step, std::span<double> input) {
        const std::int64_t window = cells_.firing.window, at = (step - 1) % window;
        if (at == 0) {
            for (std::size_t i = 0; i < taken_.size(); ++i) {
                if (!(x_[i] >= 0.0 && x_[i] <= 1.0)) fail(cells_, step, i, x_[i], "from 0 to 1");
            }
            std::copy(x_.begin(), x_.end(), taken_.begin());
        }
        for (std::size_t i = 0; i < input.size(); ++i) {
            const auto last = static_cast<double>(window - 1);
            const bool fires = taken_[i] > 0.0 && std::llround((1.0 - taken_[i]) * last) == at;
            input[i] = fires ? 1.0 : 0.0;
        }
    }

    const FiringCells& cells_;
    std::unique_ptr<Presentation> shown_;
    std::vector<double> x_;      // what the task shows
    std::vector<double> taken_;  // of it in the first step of the window
};

class FiringTask final : public Task {
public:
    FiringTask(std::unique_ptr<const Task> task, FiringCells cells, std::string stream)
        : task_(std::move(task)), cells_(std::move(cells)), stream_(std::move(stream)) {}

    TaskShape shape() const override {
        TaskShape shape = task_->shape();
        shape.inputs = static_cast<int>(cells_.count);
        return shape;
    }
    // Known bounds are of whoever sees the task's inputs.
    std::int64_t steps() const override { return task_->steps(); }
    TrialShape trial(std::int64_t k) const override { return task_->trial(k); }
    std::vector<std::string> counts() const override { return task_->counts(); }
    bool asks_once() const override { return task_->asks_once(); }
    bool asks_class() const override { return task_->asks_class(); }
    bool asks_sign() const override { return task_->asks_sign(); }
    std::vector<std::string> splits() const override { return task_->splits(); }
    std::unique_ptr<Presentation> begin() const override {
        return std::make_unique<FiringPresentation>(cells_, task_->begin());
    }
    std::vector<DataSource> data() const override { return task_->data(); }
    std::vector<std::string> streams() const override {
        std::vector<std::string> all = task_->streams();
        if (cells_.firing.by != FiresBy::latency) all.push_back(stream_);
        return all;
    }

private:
    std::unique_ptr<const Task> task_;
    FiringCells cells_;
    std::string stream_;
};

}  // namespace

std::unique_ptr<const Task> with_firing_input(std::unique_ptr<const Task> task,
                                              const Circuit& circuit, const RunStreams& streams) {
    const PopulationId input = circuit.find_role(Role::input);
    if (!input || !circuit[input].firing) return task;
    const Population& cells = circuit[input];
    const auto shown = static_cast<std::size_t>(task->shape().inputs);
    return std::make_unique<FiringTask>(
        std::move(task),
        FiringCells{*cells.firing, cells.name, static_cast<std::size_t>(cells.size),
                    circuit.step_ms(), streams.of_steps(stream_of_firing), shown},
        streams.name(stream_of_firing));
}

}  // namespace apical

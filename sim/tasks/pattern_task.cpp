#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "sim/tasks/shown_task.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

constexpr std::int64_t period_of_murray = 100, period_of_bellec = 1000;
constexpr std::string_view stream_of_pattern = "task/pattern";

double sine(double cycles) { return std::sin(2.0 * std::numbers::pi * cycles); }

// sin + 1/2 sin 2 + 1/4 sin 4 of a period (Murray 2019, whose notebook has this sum).
std::vector<double> murray(std::int64_t period) {
    std::vector<double> y;
    for (std::int64_t t = 0; t < period; ++t) {
        const double part = static_cast<double>(t) / static_cast<double>(period);
        y.push_back(sine(part) + 0.5 * sine(2.0 * part) + 0.25 * sine(4.0 * part));
    }
    return y;
}

// Four sines with periods 1, 1/2, 1/3, 1/5 of the whole, rounded down to steps, with amplitudes
// drawn from U(0.5, 2) and phases from the whole circle; then minus the first value, over the
// largest absolute one (Bellec et al. 2020, pattern generation).
std::vector<double> bellec(std::int64_t period, const Stream& stream) {
    std::vector<double> y(static_cast<std::size_t>(period), 0.0);
    std::uint64_t index = 0;
    for (const std::int64_t part : {1, 2, 3, 5}) {
        const double amplitude = 0.5 + 1.5 * stream.uniform(0, index++),
                     phase = stream.uniform(0, index++);
        const auto steps = static_cast<double>(std::max<std::int64_t>(1, period / part));
        for (std::size_t t = 0; t < y.size(); ++t)
            y[t] += amplitude * sine(static_cast<double>(t) / steps + phase);
    }
    const double first = y.front();
    double largest = 0.0;
    for (double& one : y) largest = std::max(largest, std::abs(one -= first));
    for (double& one : y) one /= largest > 0.0 ? largest : 1.0;
    return y;
}

class PatternTask final : public TrialTask {
public:
    PatternTask(TaskFacts facts, std::vector<double> pattern)
        : TrialTask(std::move(facts),
                    periods_of({{"pattern", static_cast<std::int64_t>(pattern.size())}}), {}),
          pattern_(std::move(pattern)) {}

    bool asks_once() const override { return false; }

protected:
    void show_trial(std::int64_t, std::int64_t t, std::span<double> input,
                    std::span<double> label) const override {
        input[0] = 1.0;
        if (!label.empty()) label[0] = pattern_[static_cast<std::size_t>(t)];
    }
    int type(std::int64_t) const override { return 0; }

private:
    std::vector<double> pattern_;
};

std::unique_ptr<Task> make_pattern_task(const Section& task, const RunStreams& streams,
                                        const DataFolder&, Labels) {
    const bool is_murray = text_or(task, "pattern", "murray") == "murray";
    const std::int64_t period =
        integer_or(task, "period", is_murray ? period_of_murray : period_of_bellec);
    // It is drawn once: an evaluation shows the same.
    std::vector<double> pattern =
        is_murray ? murray(period) : bellec(period, Stream(streams.seed, stream_of_pattern));
    double squares = 0.0;
    for (const double y : pattern) squares += y * y;
    TaskFacts facts{{1, 1, Activation::linear},
                    {{"an output of 0", 0.5 * squares / static_cast<double>(period)},
                     {"the pattern known (the floor)", 0.0}},
                    {}};
    if (!is_murray) facts.streams = {std::string(stream_of_pattern)};
    return std::make_unique<PatternTask>(std::move(facts), std::move(pattern));
}

constexpr std::array pattern_keys = {
    Key{.section = "task",
        .name = "pattern",
        .type = Type::text,
        .default_value = "-",
        .choices = "murray|bellec",
        .description = "pattern: a sum of sines, of three whose amplitudes are known or of four "
                       "with drawn ones; murray when left out"},
    Key{.section = "task",
        .name = "period",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 2,
        .maximum = 1e6,
        .unit = "steps",
        .description = "pattern: length, after which it begins again; 100 when left out, of bellec "
                       "1000"},
};

}  // namespace

const TaskKind pattern_task{"pattern", "a sum of sines, again and again, from a constant input",
                            pattern_keys, make_pattern_task};

}  // namespace apical

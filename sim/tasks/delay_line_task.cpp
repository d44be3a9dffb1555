#include <array>

#include "sim/tasks/shown_task.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

constexpr std::int64_t default_line = 3, longest_line = 1'000'000;

class DelayLineTask final : public ShownTask {
public:
    DelayLineTask(TaskFacts facts, std::int64_t lag, const Stream& stream)
        : ShownTask(std::move(facts)), lag_(lag), stream_(stream) {}

    void show(std::int64_t step, std::span<double> input, std::span<double> label) const override {
        input[0] = x(step);
        if (!label.empty()) label[0] = x(step - lag_);
    }

private:
    // U(-1, 1), and 0 before the first step.
    double x(std::int64_t step) const {
        return step < 0 ? 0.0 : 2.0 * stream_.uniform(static_cast<std::uint64_t>(step), 0) - 1.0;
    }

    std::int64_t lag_;
    Stream stream_;
};

std::unique_ptr<Task> make_delay_line_task(const Section& task, const RunStreams& streams,
                                           const DataFolder&, Labels) {
    // Half the variance of U(-1, 1), which is 1 / 3.
    TaskFacts facts{{1, 1, Activation::linear},
                    {{"nothing known", 1.0 / 6.0}, {"the input of then known (the floor)", 0.0}},
                    {streams.name(stream_of_input)}};
    return std::make_unique<DelayLineTask>(std::move(facts), integer_or(task, "lag", default_line),
                                           streams.of_steps(stream_of_input));
}

constexpr std::array delay_line_keys = {
    Key{.section = "task",
        .name = "lag",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 0,
        .maximum = longest_line,
        .unit = "steps",
        .description = "delay_line: how far back the label looks; 3 when left out"},
};

}  // namespace

const TaskKind delay_line_task{"delay_line", "the input of some steps ago", delay_line_keys,
                               make_delay_line_task};

}  // namespace apical

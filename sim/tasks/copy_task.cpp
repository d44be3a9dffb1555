#include <array>
#include <cmath>

#include "sim/tasks/period_keys.hpp"
#include "sim/tasks/shown_task.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

enum CopyPeriod : std::size_t { shown, wait, cue, recall };
constexpr std::int64_t default_symbols = 8, default_length = 5, default_delay = 10;

// Inputs: a line for each symbol, and the cue.
class CopyTask final : public TrialTask {
public:
    CopyTask(TaskFacts facts, std::vector<Period> periods, const Stream& stream)
        : TrialTask(std::move(facts), std::move(periods), {"recall"}), stream_(stream) {}

    bool asks_once() const override { return false; }

protected:
    void show_trial(std::int64_t trial, std::int64_t t, std::span<double> input,
                    std::span<double> label) const override {
        const std::size_t symbols = input.size() - 1;
        if (is_in(shown, t)) input[symbol(trial, t, symbols)] = 1.0;
        if (is_in(cue, t)) input[symbols] = 1.0;
        if (is_in(recall, t) && !label.empty())
            label[symbol(trial, t - (length() - length_of_recall()), symbols)] = 1.0;
    }
    int type(std::int64_t) const override { return 0; }

private:
    std::int64_t length_of_recall() const {
        const std::vector<Period> all = trial(0).periods;
        return all[recall].to - all[recall].from;
    }
    std::size_t symbol(std::int64_t trial, std::int64_t place, std::size_t symbols) const {
        return static_cast<std::size_t>(
            stream_.uniform(static_cast<std::uint64_t>(trial), static_cast<std::uint64_t>(place)) *
            static_cast<double>(symbols));
    }

    Stream stream_;
};

std::unique_ptr<Task> make_copy_task(const Section& task, const RunStreams& streams,
                                     const DataFolder&, Labels) {
    const std::int64_t symbols = integer_or(task, "symbols", default_symbols),
                       length = integer_or(task, "length", default_length);
    std::vector<Period> periods = periods_of({{"sample", length},
                                              {"delay", integer_or(task, "delay", default_delay)},
                                              {"cue", 1},
                                              {"recall", length}});
    TaskFacts facts{{static_cast<int>(symbols) + 1, static_cast<int>(symbols), Activation::softmax},
                    {{"nothing known", std::log(static_cast<double>(symbols))},
                     {"all symbols known (the floor)", 0.0}},
                    {streams.name(stream_of_input)}};
    return std::make_unique<CopyTask>(std::move(facts), std::move(periods),
                                      streams.of_steps(stream_of_input));
}

constexpr std::array copy_keys = {
    Key{.section = "task",
        .name = "symbols",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 2,
        .maximum = 10'000,
        .description = "copy: how many different ones there are; 8 when left out"},
    Key{.section = "task",
        .name = "length",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = 1e6,
        .unit = "steps",
        .description = "copy: symbols in a trial; 5 when left out"},
    delay_key,
};

}  // namespace

const TaskKind copy_task{"copy", "symbols that are shown in turn, and asked for after a delay",
                         copy_keys, make_copy_task};

}  // namespace apical

#include <array>

#include "sim/tasks/period_keys.hpp"
#include "sim/tasks/shown_task.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

enum ComparePeriod : std::size_t { first, pause, second, answer };

// Frequencies of two vibrations, in Hz, as Romo et al. (1999) paired them: 8 apart, both ways.
struct Frequencies {
    int f1, f2;
};
constexpr std::array<Frequencies, 10> pairs{{{10, 18},
                                             {14, 22},
                                             {18, 26},
                                             {22, 30},
                                             {26, 34},
                                             {18, 10},
                                             {22, 14},
                                             {26, 18},
                                             {30, 22},
                                             {34, 26}}};
constexpr double highest_frequency = 34.0;

class CompareTask final : public TrialTask {
public:
    CompareTask(TaskFacts facts, std::vector<Period> periods, const Stream& stream)
        : TrialTask(std::move(facts), std::move(periods), {"decision"}), stream_(stream) {}

protected:
    void show_trial(std::int64_t trial, std::int64_t t, std::span<double> input,
                    std::span<double> label) const override {
        const Frequencies& pair = pairs[static_cast<std::size_t>(type(trial))];
        input[0] = is_in(answer, t) ? 0.0 : 1.0;
        if (is_in(first, t)) input[1] = pair.f1 / highest_frequency;
        if (is_in(second, t)) input[1] = pair.f2 / highest_frequency;
        if (is_in(answer, t) && !label.empty()) label[pair.f2 > pair.f1 ? 1 : 0] = 1.0;
    }
    int type(std::int64_t trial) const override {
        return static_cast<int>(stream_.uniform(static_cast<std::uint64_t>(trial), 0) *
                                static_cast<double>(pairs.size()));
    }

private:
    Stream stream_;
};

// Mean cross-entropy of the best guess of who knows the second frequency alone.
double bound_of_compare() {
    double sum = 0.0;
    for (const Frequencies& known : pairs) {
        int higher = 0, possible = 0;
        for (const Frequencies& one : pairs) {
            if (one.f2 != known.f2) continue;
            higher += one.f2 > one.f1;
            ++possible;
        }
        sum += entropy_of(static_cast<double>(higher) / possible);
    }
    return sum / static_cast<double>(pairs.size());
}

std::unique_ptr<Task> make_compare_task(const Section& task, const RunStreams& streams,
                                        const DataFolder&, Labels) {
    std::vector<Period> periods = periods_of({{"sample", integer_or(task, "sample", 5)},
                                              {"delay", integer_or(task, "delay", 15)},
                                              {"test", integer_or(task, "test", 5)},
                                              {"decision", integer_or(task, "decision", 5)}});
    check_period(task, periods.back());
    TaskFacts facts{{2, 2, Activation::softmax},
                    {{"nothing known", entropy_of(0.5)},
                     {"only the second known", bound_of_compare()},
                     {"both known (the floor)", 0.0}},
                    {streams.name(stream_of_input)}};
    return std::make_unique<CompareTask>(std::move(facts), std::move(periods),
                                         streams.of_steps(stream_of_input));
}

constexpr std::array compare_keys = {sample_key, delay_key, test_key, decision_key};

}  // namespace

const TaskKind compare_task{"compare", "whether the second of two frequencies is the higher one",
                            compare_keys, make_compare_task};

}  // namespace apical

#include <array>
#include <cmath>

#include "sim/tasks/period_keys.hpp"
#include "sim/tasks/shown_task.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

enum MatchPeriod : std::size_t { fixation, sample, delay, test, decision };

class MatchTask final : public TrialTask {
public:
    MatchTask(TaskFacts facts, std::vector<Period> periods, bool match, const Stream& stream)
        : TrialTask(std::move(facts), std::move(periods), {"decision"}),
          match_(match),
          stream_(stream) {}

protected:
    // Inputs: fixation, which ends with the test, and one line for each stimulus.
    void show_trial(std::int64_t trial, std::int64_t t, std::span<double> input,
                    std::span<double> label) const override {
        input[0] = is_in(decision, t) ? 0.0 : 1.0;
        if (is_in(sample, t)) input[1 + stimulus(trial, 0)] = 1.0;
        if (is_in(test, t)) input[1 + stimulus(trial, 1)] = 1.0;
        const bool same = stimulus(trial, 0) == stimulus(trial, 1);
        if (is_in(decision, t) && !label.empty()) label[same == match_ ? 1 : 0] = 1.0;
    }
    int type(std::int64_t trial) const override {
        return static_cast<int>(2 * stimulus(trial, 0) + stimulus(trial, 1));
    }

private:
    std::size_t stimulus(std::int64_t trial, std::uint64_t which) const {
        return stream_.bits(static_cast<std::uint64_t>(trial), which) & 1;
    }

    bool match_;
    Stream stream_;
};

// Mean cross-entropy of the best guess over the four trials: with both stimuli known, or one.
double bound_of_match(bool knows_both) {
    double sum = 0.0;
    for (const int a : {0, 1}) {
        for (const int b : {0, 1}) {
            int same = 0, possible = 0;
            for (const int other : {0, 1}) {
                if (knows_both && other != b) continue;
                same += a == other;
                ++possible;
            }
            sum += entropy_of(static_cast<double>(same) / possible);
        }
    }
    return sum / 4.0;
}

template <bool match>
std::unique_ptr<Task> make_match_task(const Section& task, const RunStreams& streams,
                                      const DataFolder&, Labels) {
    std::vector<Period> periods = periods_of({{"fixation", integer_or(task, "fixation", 5)},
                                              {"sample", integer_or(task, "sample", 5)},
                                              {"delay", integer_or(task, "delay", 10)},
                                              {"test", integer_or(task, "test", 5)},
                                              {"decision", integer_or(task, "decision", 5)}});
    check_period(task, periods.back());
    TaskFacts facts{{3, 2, Activation::softmax},
                    {{"one stimulus known", bound_of_match(false)},
                     {"both known (the floor)", bound_of_match(true)}},
                    {streams.name(stream_of_input)}};
    return std::make_unique<MatchTask>(std::move(facts), std::move(periods), match,
                                       streams.of_steps(stream_of_input));
}

constexpr std::array match_keys = {fixation_key, sample_key, delay_key, test_key, decision_key};

}  // namespace

const TaskKind delayed_match_task{"delayed_match", "whether two stimuli in turn are the same",
                                  match_keys, make_match_task<true>};
const TaskKind delayed_nonmatch_task{"delayed_nonmatch", "whether two stimuli in turn differ",
                                     match_keys, make_match_task<false>};

}  // namespace apical

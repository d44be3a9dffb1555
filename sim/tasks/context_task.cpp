#include <array>
#include <cmath>

#include "sim/tasks/period_keys.hpp"
#include "sim/tasks/shown_task.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

enum ContextPeriod : std::size_t { stimulus, choice };
constexpr std::array coherences = {-0.15, -0.036, -0.009, 0.009, 0.036, 0.15};
constexpr std::int64_t default_stimulus = 20;

// Inputs: two coherences with noise, and a line for each context, which says which of them counts.
class ContextTask final : public TrialTask {
public:
    ContextTask(TaskFacts facts, std::vector<Period> periods, double noise, const Stream& stream)
        : TrialTask(std::move(facts), std::move(periods), {"decision"}),
          noise_(noise),
          stream_(stream) {}

protected:
    void show_trial(std::int64_t trial, std::int64_t t, std::span<double> input,
                    std::span<double> label) const override {
        const std::size_t context = drawn(trial, 2, 2);
        for (std::size_t c = 0; c < 2 && is_in(stimulus, t); ++c) {
            const auto index = 3 + 2 * static_cast<std::uint64_t>(t) + c;
            input[c] = coherence(trial, c) +
                       noise_ * stream_.normal(static_cast<std::uint64_t>(trial), index);
        }
        input[2 + context] = 1.0;
        if (is_in(choice, t) && !label.empty()) label[coherence(trial, context) > 0.0] = 1.0;
    }
    // The context, and the signs of both coherences.
    int type(std::int64_t trial) const override {
        return static_cast<int>(4 * drawn(trial, 2, 2) + 2 * (coherence(trial, 0) > 0.0) +
                                (coherence(trial, 1) > 0.0));
    }

private:
    std::size_t drawn(std::int64_t trial, std::uint64_t index, std::size_t count) const {
        return static_cast<std::size_t>(stream_.uniform(static_cast<std::uint64_t>(trial), index) *
                                        static_cast<double>(count));
    }
    double coherence(std::int64_t trial, std::size_t channel) const {
        return coherences[drawn(trial, channel, coherences.size())];
    }

    double noise_;
    Stream stream_;
};

// Mean cross-entropy of the best guess without noise: of who knows both signs and not the context,
// or one sign alone.
double bound_of_context(bool knows_both) {
    double sum = 0.0;
    for (const int a : {0, 1}) {
        for (const int b : {0, 1}) {
            int right = 0, possible = 0;
            for (const int other : {0, 1}) {
                if (knows_both && other != b) continue;
                for (const int relevant : {a, other}) {
                    right += relevant;
                    ++possible;
                }
            }
            sum += entropy_of(static_cast<double>(right) / possible);
        }
    }
    return sum / 4.0;
}

std::unique_ptr<Task> make_context_task(const Section& task, const RunStreams& streams,
                                        const DataFolder&, Labels) {
    std::vector<Period> periods =
        periods_of({{"stimulus", integer_or(task, "stimulus", default_stimulus)},
                    {"decision", integer_or(task, "decision", 5)}});
    check_period(task, periods.back());
    const double noise = number_or(task, "noise", 0.0);
    TaskFacts facts{{4, 2, Activation::softmax}, {}, {streams.name(stream_of_input)}};
    if (noise == 0.0)
        facts.bounds = {{"nothing known", entropy_of(0.5)},
                        {"one channel known", bound_of_context(false)},
                        {"both known, without context", bound_of_context(true)},
                        {"all known (the floor)", 0.0}};
    return std::make_unique<ContextTask>(std::move(facts), std::move(periods), noise,
                                         streams.of_steps(stream_of_input));
}

constexpr std::array context_keys = {
    period_key("stimulus", "context: steps in which the coherences are shown; 20 when left out"),
    decision_key,
    deviation_key,
};

}  // namespace

const TaskKind context_task{"context", "the sign of the one of two inputs that a context names",
                            context_keys, make_context_task};

}  // namespace apical

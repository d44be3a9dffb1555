#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

constexpr std::int64_t default_bits = 3, most_bits = 10'000;
constexpr double default_pulse = 0.05;

struct FlipFlop {
    std::int64_t bits, hold;
    double pulse;  // probability of a pulse, of a channel in a task step
    Stream stream;

    // -1, 0 or 1: what a channel is shown in a task step.
    double drawn(std::int64_t k, std::size_t channel) const {
        const auto at = static_cast<std::uint64_t>(k);
        if (stream.uniform(at, 2 * channel) >= pulse) return 0.0;
        return (stream.bits(at, 2 * channel + 1) & 1) == 1 ? 1.0 : -1.0;
    }
};

class FlipFlopPresentation final : public Presentation {
public:
    explicit FlipFlopPresentation(const FlipFlop& task)
        : task_(task),
          pulses_(static_cast<std::size_t>(task.bits)),
          last_(static_cast<std::size_t>(task.bits)) {}

    void present(std::int64_t step, std::span<double> input, std::span<double> label) override {
        const std::int64_t k = (step - 1) / task_.hold;
        if (k < task_step_) begin();
        while (task_step_ < k) take(++task_step_);
        std::ranges::copy(pulses_, input.begin());
        if (!label.empty()) std::ranges::copy(last_, label.begin());
    }
    std::vector<double> memory() const override { return last_; }
    void recall(std::int64_t step, std::span<const double> memory) override {
        task_step_ = (step - 1) / task_.hold;
        std::ranges::copy(memory, last_.begin());
        for (std::size_t c = 0; c < pulses_.size(); ++c) pulses_[c] = task_.drawn(task_step_, c);
    }

private:
    void begin() {
        task_step_ = -1;
        std::ranges::fill(last_, 0.0);
    }
    void take(std::int64_t k) {
        for (std::size_t c = 0; c < pulses_.size(); ++c) {
            pulses_[c] = task_.drawn(k, c);
            if (pulses_[c] != 0.0) last_[c] = pulses_[c];
        }
    }

    FlipFlop task_;
    std::int64_t task_step_ = -1;
    std::vector<double> pulses_, last_;
};

// Half the mean square of the best guess of who has seen the last `known` task steps, long after
// the beginning: 0 where a pulse is among them, else the label is 1 or -1 with even chances.
double bound_of_flip_flop(double pulse, int known) {
    double none = 1.0;
    for (int k = 0; k < known; ++k) none *= 1.0 - pulse;
    double loss = 0.0;
    for (const double label : {-1.0, 1.0}) loss += 0.5 * none * 0.5 * label * label;
    return loss;
}

class FlipFlopTask final : public Task {
public:
    FlipFlopTask(const FlipFlop& task, std::string stream)
        : task_(task), stream_(std::move(stream)) {}

    TaskShape shape() const override {
        const auto bits = static_cast<int>(task_.bits);
        return {bits, bits, Activation::linear};
    }
    std::vector<Bound> bounds() const override {
        std::vector<Bound> all;
        for (const int known : {1, 5, 10, 20})
            all.push_back({known == 1 ? "only the present task step known"
                                      : fmt::format("the last {} task steps known", known),
                           bound_of_flip_flop(task_.pulse, known)});
        all.push_back({"the last pulses known (the floor)", 0.0});
        return all;
    }
    std::vector<std::string> streams() const override { return {stream_}; }
    std::unique_ptr<Presentation> begin() const override {
        return std::make_unique<FlipFlopPresentation>(task_);
    }

private:
    FlipFlop task_;
    std::string stream_;
};

std::unique_ptr<Task> make_flip_flop_task(const Section& task, const RunStreams& streams,
                                          const DataFolder&, Labels) {
    const FlipFlop made{integer_or(task, "bits", default_bits), integer_or(task, "hold", 1),
                        number_or(task, "pulse", default_pulse), streams.of_steps(stream_of_input)};
    return std::make_unique<FlipFlopTask>(made, streams.name(stream_of_input));
}

constexpr std::array flip_flop_keys = {
    Key{.section = "task",
        .name = "bits",
        .type = Type::integer,
        .default_value = "-",
        .minimum = 1,
        .maximum = most_bits,
        .description = "flip_flop: channels; 3 when left out"},
    Key{.section = "task",
        .name = "pulse",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1,
        .above_minimum = true,
        .description = "flip_flop: probability of a pulse, of a channel in a task step; 0.05 when "
                       "left out"},
    hold_key,
};

}  // namespace

const TaskKind flip_flop_task{"flip_flop", "the sign of the last pulse of each channel",
                              flip_flop_keys, make_flip_flop_task};

}  // namespace apical

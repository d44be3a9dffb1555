#include <fmt/format.h>

#include <array>
#include <cmath>

#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

constexpr std::int64_t longest_lag = 1'000'000;
constexpr std::int64_t default_hold = 2;

// y = 0.5 + 0.5 x(k - t1) - 0.25 x(k - t2)
double target(double x1, double x2) { return 0.5 + 0.5 * x1 - 0.25 * x2; }

double surprise(double probability, double guess) {
    return probability > 0.0 ? -probability * std::log(guess) : 0.0;
}

// Mean cross-entropy of the best guess over the two fair bits. The best guess is the mean of y
// given what is known, and y is linear, so an unknown bit counts as 1/2.
double bound(bool knows_x1, bool knows_x2) {
    double sum = 0.0;
    for (const double x1 : {0.0, 1.0}) {
        for (const double x2 : {0.0, 1.0}) {
            const double y = target(x1, x2);
            const double guess = target(knows_x1 ? x1 : 0.5, knows_x2 ? x2 : 0.5);
            sum += surprise(y, guess) + surprise(1.0 - y, 1.0 - guess);
        }
    }
    return sum / 4.0;
}

// The lags and the held input of the task, and the draws of its inputs.
struct Draws {
    std::int64_t t1, t2, hold;
    Stream stream;

    // A draw depends on the task step alone, so the past can be drawn again.
    std::uint64_t draw(std::int64_t k) const {
        return k < 0 ? 0 : stream.bits(static_cast<std::uint64_t>(k), 0) & 1;
    }
};

class AddPresentation final : public Presentation {
public:
    explicit AddPresentation(const Draws& draws) : draws_(draws) {}

    void present(std::int64_t step, std::span<double> input, std::span<double> label) override {
        const std::int64_t k = (step - 1) / draws_.hold;
        if (k != task_step_) {
            // Most often the next one: the draws of the last 64 are at hand.
            past_ = k == task_step_ + 1 ? past_ << 1 | draws_.draw(k) : drawn_past(k);
            task_step_ = k;
            x_ = x(0);
            y_ = target(x(draws_.t1), x(draws_.t2));
        }
        input[0] = x_;
        input[1] = 1.0 - x_;
        if (label.empty()) return;
        label[0] = y_;
        label[1] = 1.0 - y_;
    }

private:
    static constexpr std::int64_t remembered = 64;

    std::uint64_t drawn_past(std::int64_t k) const {
        std::uint64_t all = 0;
        for (std::int64_t lag = 0; lag < remembered; ++lag) all |= draws_.draw(k - lag) << lag;
        return all;
    }
    double x(std::int64_t lag) const {
        return static_cast<double>(lag < remembered ? past_ >> lag & 1
                                                    : draws_.draw(task_step_ - lag));
    }

    Draws draws_;
    std::int64_t task_step_ = -1;
    std::uint64_t past_ = 0;  // bit k: the draw of k task steps ago
    double x_ = 0.0, y_ = 0.0;
};

class AddTask final : public Task {
public:
    AddTask(const Draws& draws, std::string stream) : draws_(draws), stream_(std::move(stream)) {}

    TaskShape shape() const override { return {2, 2, Activation::softmax}; }

    std::vector<Bound> bounds() const override {
        return {{"nothing known", bound(false, false)},
                {fmt::format("only lag {} known", draws_.t2), bound(false, true)},
                {fmt::format("only lag {} known", draws_.t1), bound(true, false)},
                {"both known (the floor)", bound(true, true)}};
    }

    std::vector<std::string> streams() const override { return {stream_}; }

    std::unique_ptr<Presentation> begin() const override {
        return std::make_unique<AddPresentation>(draws_);
    }

private:
    Draws draws_;
    std::string stream_;
};

std::unique_ptr<Task> make_add_task(const Section& task, const RunStreams& streams,
                                    const DataFolder&, Labels) {
    task.require("lags", "the task \"add\"");
    const std::vector<std::int64_t> lags = task.integers("lags");
    const auto possible = [](std::int64_t lag) { return 0 <= lag && lag <= longest_lag; };
    if (lags.size() != 2 || lags[0] == lags[1] || !possible(lags[0]) || !possible(lags[1])) {
        reject(task.where("lags"),
               fmt::format("task.lags is [{}]; expected two different whole numbers from 0 to {}",
                           shortened(fmt::format("{}", fmt::join(lags, ", "))), longest_lag));
    }
    const std::int64_t hold = integer_or(task, "hold", default_hold);
    return std::make_unique<AddTask>(
        Draws{lags[0], lags[1], hold, streams.of_steps(stream_of_input)},
        streams.name(stream_of_input));
}

constexpr std::array add_keys = {
    Key{.section = "task",
        .name = "lags",
        .type = Type::integer_list,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1e6,
        .unit = "task steps",
        .description = "add: how far back the label looks"},
    hold_key,
};

}  // namespace

const TaskKind add_task{"add", "a label that depends on one input channel at two lags", add_keys,
                        make_add_task};

}  // namespace apical

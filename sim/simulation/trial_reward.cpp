#include "sim/simulation/trial_reward.hpp"

#include <algorithm>
#include <cmath>

#include "circuits/program/reward_names.hpp"

namespace apical {

namespace {

constexpr double kept_of_mean = 0.75;

// The place of the largest number; -1 where another one is as large.
std::ptrdiff_t place_of_largest(const std::vector<double>& numbers) {
    const auto largest = std::max_element(numbers.begin(), numbers.end());
    if (largest == numbers.end() ||
        std::find(largest + 1, numbers.end(), *largest) != numbers.end())
        return -1;
    return largest - numbers.begin();
}

}  // namespace

std::unique_ptr<TrialReward> TrialReward::of(const Task& task, State& state) {
    const auto number = [&](std::string_view name) {
        const SlotId slot = state.program().clock_of(name);
        return slot ? state.data(slot) : nullptr;
    };
    double *reward = number(clock_name::reward), *expected = number(clock_name::expected);
    if (!reward && !expected) return {};
    return std::unique_ptr<TrialReward>(new TrialReward(task, reward, expected));
}

TrialReward::TrialReward(const Task& task, double* reward, double* expected)
    : softmax_(task.shape().readout == Activation::softmax),
      chooses_(softmax_ || task.asks_class()),
      reward_(reward),
      expected_(expected) {}

void TrialReward::begin_trial(int type) {
    const auto last = static_cast<std::size_t>(std::max(type_, 0)),
               now = static_cast<std::size_t>(type);
    if (std::max(last, now) >= means_.size()) {
        means_.resize(std::max(last, now) + 1);
        seen_.resize(means_.size());
    }
    if (type_ >= 0) {
        means_[last] = seen_[last] > 0.0
                           ? kept_of_mean * means_[last] + (1.0 - kept_of_mean) * worth_
                           : worth_;
        seen_[last] = 1.0;
    }
    type_ = type;
    worth_ = loss_ = 0.0;
    steps_ = 0;
    std::ranges::fill(judged_, 0.0);
    std::ranges::fill(label_, 0.0);
    if (reward_) *reward_ = 0.0;
    if (expected_) *expected_ = means_[now];
}

void TrialReward::add(double loss, std::span<const double> judged, std::span<const double> label) {
    judged_.resize(judged.size());
    label_.resize(label.size());
    double largest = 0.0, total = 1.0;  // voltage, and sum of exponentials
    if (softmax_) {
        largest = *std::max_element(judged.begin(), judged.end());
        total = 0.0;
        for (const double v : judged) total += std::exp(v - largest);
    }
    for (std::size_t k = 0; k < judged.size(); ++k) {
        judged_[k] += softmax_ ? std::exp(judged[k] - largest) / total : judged[k];
        label_[k] += label[k];
    }
    loss_ += loss;
    ++steps_;
}

double TrialReward::worth() const {
    if (steps_ == 0) return 0.0;
    if (!chooses_) return -loss_ / static_cast<double>(steps_);
    const std::ptrdiff_t right = place_of_largest(label_);
    return right >= 0 && place_of_largest(judged_) == right ? 1.0 : 0.0;
}

void TrialReward::show() {
    worth_ = worth();
    if (reward_) *reward_ = worth_;
}

}  // namespace apical

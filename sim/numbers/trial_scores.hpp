#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <vector>

#include "sim/numbers/mean_error.hpp"
#include "sim/numbers/scores.hpp"

namespace apical {

// What the steps of a trial come to that count: their mean loss, and, where the trial asks for one
// answer, the class that is the largest in the mean output.
class TrialScores {
public:
    // As many outputs. Where they are `voltages` of a softmax, what is averaged are its rates.
    TrialScores(std::size_t outputs, bool voltages)
        : voltages_(voltages), judged_(outputs), label_(outputs) {}

    void add(double loss, std::span<const double> judged, std::span<const double> label) {
        sum_ += loss;
        ++steps_;
        double largest = 0.0, total = 1.0;  // voltage, and sum of exponentials
        if (voltages_) {
            largest = *std::max_element(judged.begin(), judged.end());
            total = 0.0;
            for (const double v : judged) total += std::exp(v - largest);
        }
        for (std::size_t k = 0; k < judged_.size(); ++k) {
            judged_[k] += voltages_ ? std::exp(judged[k] - largest) / total : judged[k];
            label_[k] += label[k];
        }
    }

    // The trial ends; one without a step that counted is none. Its choice goes to all of `choices`,
    // that of a single output by its sign.
    void end_trial(std::initializer_list<Choices*> choices) {
        if (steps_ == 0) return;
        means_.push_back(sum_ / static_cast<double>(steps_));
        const bool by_sign = judged_.size() == 1;
        for (Choices* one : choices) {
            if (by_sign)
                one->add(std::array{-judged_[0], judged_[0]}, std::array{-label_[0], label_[0]});
            else
                one->add(judged_, label_);
        }
        std::ranges::fill(judged_, 0.0);
        std::ranges::fill(label_, 0.0);
        sum_ = 0.0;
        steps_ = 0;
    }

    std::size_t trials() const { return means_.size(); }
    // The standard error of the mean loss, from the means of the trials.
    double error() const { return mean_and_error(means_).error; }

private:
    bool voltages_;
    std::vector<double> judged_, label_;  // sums over the trial
    double sum_ = 0.0;
    std::size_t steps_ = 0;
    std::vector<double> means_;
};

}  // namespace apical

#include "sim/tasks/task.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace apical {

namespace {

double cross_entropy(std::span<const double> voltage, std::span<const double> label) {
    const double largest = *std::max_element(voltage.begin(), voltage.end());
    double sum = 0.0;
    for (const double v : voltage) sum += std::exp(v - largest);
    const double log_sum = largest + std::log(sum);
    double loss = 0.0;
    for (std::size_t k = 0; k < label.size(); ++k) loss += label[k] * (log_sum - voltage[k]);
    return loss;
}

double half_mean_square(std::span<const double> voltage, std::span<const double> label) {
    double sum = 0.0;
    for (std::size_t k = 0; k < label.size(); ++k) {
        const double error = voltage[k] - label[k];
        sum += error * error;
    }
    return 0.5 * sum / static_cast<double>(label.size());
}

}  // namespace

double loss(Activation readout, std::span<const double> voltage, std::span<const double> label) {
    assert(voltage.size() == label.size() && !label.empty());
    return readout == Activation::softmax ? cross_entropy(voltage, label)
                                          : half_mean_square(voltage, label);
}

}  // namespace apical

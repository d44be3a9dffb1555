#include "sim/numbers/scores.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace apical {

namespace {

// The place of the largest number, unless another one is as large.
std::optional<std::size_t> place_of_largest(std::span<const double> numbers) {
    const auto largest = std::max_element(numbers.begin(), numbers.end());
    if (std::find(largest + 1, numbers.end(), *largest) != numbers.end()) return {};
    return static_cast<std::size_t>(largest - numbers.begin());
}

}  // namespace

void Choices::add(std::span<const double> judged, std::span<const double> label) {
    const std::optional<std::size_t> right = place_of_largest(label);
    if (!right) return;
    const std::optional<std::size_t> chosen = place_of_largest(judged);
    ++(chosen ? confusion_[*right * classes_ + *chosen] : ties_[*right]);
}

std::int64_t Choices::labelled(std::size_t label) const {
    const auto row = confusion_.begin() + static_cast<std::ptrdiff_t>(label * classes_);
    return std::accumulate(row, row + static_cast<std::ptrdiff_t>(classes_), ties_[label]);
}

std::int64_t Choices::counted() const {
    std::int64_t count = 0;
    for (std::size_t label = 0; label < classes_; ++label) count += labelled(label);
    return count;
}

double Choices::error() const {
    std::int64_t right = 0;
    for (std::size_t k = 0; k < classes_; ++k) right += confusion(k, k);
    const std::int64_t count = counted();
    return static_cast<double>(count - right) / static_cast<double>(count);
}

double Choices::standard_error() const {
    const double p = error();
    return std::sqrt(p * (1.0 - p) / static_cast<double>(counted()));
}

double Choices::chance() const {
    std::int64_t most = 0;
    for (std::size_t label = 0; label < classes_; ++label) most = std::max(most, labelled(label));
    const std::int64_t count = counted();
    return static_cast<double>(count - most) / static_cast<double>(count);
}

void Nearness::add(std::span<const double> judged, std::span<const double> label) {
    const auto count = static_cast<double>(++count_);
    for (std::size_t k = 0; k < all_.size(); ++k) {
        Output& one = all_[k];
        one.squares += (judged[k] - label[k]) * (judged[k] - label[k]);
        const double distance = judged[k] - one.mean, of_label = label[k] - one.mean_label;
        one.mean += distance / count;
        one.mean_label += of_label / count;
        one.spread += distance * (judged[k] - one.mean);
        one.spread_label += of_label * (label[k] - one.mean_label);
        one.together += distance * (label[k] - one.mean_label);
    }
}

double Nearness::correlation(std::size_t output) const {
    const Output& one = all_[output];
    return one.together / std::sqrt(one.spread * one.spread_label);
}

}  // namespace apical

#include "sim/diagnosis/change.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace apical {

namespace {

double norm_of(std::span<const double> numbers) {
    double sum = 0.0;
    for (const double x : numbers) sum += x * x;
    return std::sqrt(sum);
}

double distance_of(std::span<const double> a, std::span<const double> b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return std::sqrt(sum);
}

}  // namespace

ChangeOfMatrix::ChangeOfMatrix(State& state, const WatchedMatrix& watched)
    : state_(state), watched_(watched) {
    const std::span<const double> now = state.numbers(watched.matrix);
    before_.assign(now.begin(), now.end());
    largest_norm_ = norm_of(now);
    *state.data(watched.change) = 0.0;
}

void ChangeOfMatrix::end_step() {
    const std::span<const double> now = state_.numbers(watched_.matrix);
    const double change = distance_of(now, before_);
    std::copy(now.begin(), now.end(), before_.begin());
    largest_norm_ = std::max(largest_norm_, norm_of(now));
    largest_change_ = std::max(largest_change_, change);
    *state_.data(watched_.change) = change == 0.0 ? 0.0 : change / largest_norm_;
}

ChangeLine ChangeOfMatrix::line() const {
    const double largest = largest_change_ == 0.0 ? 0.0 : largest_change_ / largest_norm_;
    return {state_.program()[watched_.matrix].name, largest, watched_.carries};
}

}  // namespace apical

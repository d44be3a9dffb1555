#include "sim/show/plot/reduce.hpp"

#include <cmath>
#include <limits>
#include <utility>

#include "sim/numbers/mean_error.hpp"

namespace apical {

Point mean_of(double x, const std::vector<double>& values) {
    if (values.size() == 1) return {x, values[0], values[0], values[0]};
    const auto [mean, error] = mean_and_error(values);
    return {x, mean, mean - error, mean + error};
}

BlockMeans::BlockMeans(std::int64_t first, std::int64_t block, std::size_t series)
    : first_(first), block_(block), sums_(series), means_(series), counts_(series) {}

void BlockMeans::close() {
    for (std::size_t k = 0; k < sums_.size(); ++k) {
        // 0 / 0 is not a number, as it should be.
        means_[k] = sums_[k] / static_cast<double>(counts_[k]);
        sums_[k] = 0.0;
        counts_[k] = 0;
    }
    step_ = static_cast<double>(first_) + step_sum_ / static_cast<double>(steps_);
    averaged_ |= steps_ > 1;
    step_sum_ = 0.0;
    steps_ = 0;
}

bool BlockMeans::add(std::int64_t step, const std::vector<double>& values) {
    const std::int64_t index = index_of(step);
    const bool complete = index_ >= 0 && index != index_;
    if (complete) close();
    any_ |= complete;
    index_ = index;
    step_sum_ += static_cast<double>(step - first_);
    ++steps_;
    for (std::size_t k = 0; k < values.size(); ++k) {
        if (std::isnan(values[k])) continue;
        sums_[k] += values[k];
        ++counts_[k];
    }
    return complete;
}

bool BlockMeans::finish(std::int64_t next) {
    if (index_ < 0 || (any_ && index_of(next) == index_)) return false;
    close();
    return true;
}

void MinMax::add(const Point& point, bool joined) {
    if (count_ == 0) {
        lowest_ = highest_ = point;
        lowest_at_ = highest_at_ = 0;
        begins_joined_ = joined;
        is_joined_ = true;
    } else {
        is_joined_ &= joined;
    }
    // The negations let a number take the place of what is none.
    if (!(point.low >= lowest_.low) && !std::isnan(point.low)) {
        lowest_ = point;
        lowest_at_ = count_;
    }
    if (!(point.high <= highest_.high) && !std::isnan(point.high)) {
        highest_ = point;
        highest_at_ = count_;
    }
    if (++count_ == bucket_) close();
}

void MinMax::close() {
    if (count_ == 0) return;
    keep(lowest_at_ <= highest_at_ ? lowest_ : highest_, begins_joined_);
    if (lowest_at_ != highest_at_) keep(lowest_at_ < highest_at_ ? highest_ : lowest_, is_joined_);
    count_ = 0;
}

void MinMax::keep(const Point& point, bool joined) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    if (!joined && !kept_.empty())
        kept_.push_back({(kept_.back().x + point.x) / 2.0, none, none, none});
    kept_.push_back(point);
}

std::vector<Point> MinMax::take() {
    close();
    return std::exchange(kept_, {});
}

}  // namespace apical

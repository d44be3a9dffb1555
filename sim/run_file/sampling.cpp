#include "sim/run_file/sampling.hpp"

#include <algorithm>

namespace apical {

std::int64_t Sampling::Progression::next(std::int64_t step) const {
    if (step < from) return from;
    const std::int64_t last = from + (step - from) / every * every;
    return last <= to && to - last >= every ? last + every : -1;
}

void Sampling::add(std::int64_t every, std::int64_t from, std::int64_t to) {
    if (from <= to) progressions_.push_back({every, from, to});
}

void Sampling::add(const std::vector<std::int64_t>& steps) {
    listed_.insert(listed_.end(), steps.begin(), steps.end());
    std::sort(listed_.begin(), listed_.end());
    listed_.erase(std::unique(listed_.begin(), listed_.end()), listed_.end());
}

std::int64_t Sampling::next(std::int64_t step) const {
    const auto listed = std::upper_bound(listed_.begin(), listed_.end(), step);
    std::int64_t first = listed == listed_.end() ? -1 : *listed;
    for (const Progression& progression : progressions_) {
        const std::int64_t candidate = progression.next(step);
        if (candidate >= 0 && (first < 0 || candidate < first)) first = candidate;
    }
    return first;
}

// From the first step to the last.
std::int64_t Sampling::span() const {
    std::int64_t first = INT64_MAX, last = 0;
    for (const Progression& progression : progressions_) {
        first = std::min(first, progression.from);
        last = std::max(last, progression.to);
    }
    if (!listed_.empty()) {
        first = std::min(first, listed_.front());
        last = std::max(last, listed_.back());
    }
    return last - first + 1;
}

std::int64_t Sampling::count() const {
    const auto listed = static_cast<std::int64_t>(listed_.size());
    if (progressions_.empty()) return listed;
    const std::int64_t span = this->span();
    std::int64_t bound = std::min(listed, span);
    for (const Progression& progression : progressions_) {
        bound += std::min(progression.count(), span - bound);
    }
    constexpr std::int64_t worth_counting = 10'000'000;
    const bool is_one = progressions_.size() == 1 && listed == 0;
    if (is_one || bound > worth_counting) return bound;
    std::int64_t count = 0;
    for (std::int64_t step = next(0); step >= 0; step = next(step)) ++count;
    return count;
}

}  // namespace apical

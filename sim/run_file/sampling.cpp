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

std::int64_t Sampling::next(std::int64_t step) const {
    std::int64_t first = -1;
    for (const Progression& progression : progressions_) {
        const std::int64_t candidate = progression.next(step);
        if (candidate >= 0 && (first < 0 || candidate < first)) first = candidate;
    }
    return first;
}

std::int64_t Sampling::count() const {
    if (progressions_.empty()) return 0;
    std::int64_t first = progressions_.front().from, last = progressions_.front().to;
    for (const Progression& progression : progressions_) {
        first = std::min(first, progression.from);
        last = std::max(last, progression.to);
    }
    const std::int64_t span = last - first + 1;
    std::int64_t bound = 0;
    for (const Progression& progression : progressions_) {
        bound += std::min(progression.count(), span - bound);
    }
    constexpr std::int64_t worth_counting = 10'000'000;
    if (progressions_.size() == 1 || bound > worth_counting) return bound;
    std::int64_t count = 0;
    for (std::int64_t step = next(0); step >= 0; step = next(step)) ++count;
    return count;
}

}  // namespace apical

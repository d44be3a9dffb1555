#include "sim/sweep/job_queue.hpp"

#include <algorithm>

#include "sim/system/seconds_since.hpp"

namespace apical {

JobQueue::JobQueue(std::vector<Entry> entries) : entries_(std::move(entries)) {
    std::stable_sort(entries_.begin(), entries_.end(),
                     [](const Entry& a, const Entry& b) { return a.seconds > b.seconds; });
}

std::optional<std::size_t> JobQueue::next() {
    const std::lock_guard lock(mutex_);
    if (stopped_ || next_ == entries_.size()) return std::nullopt;
    const Entry& entry = entries_[next_++];
    running_[entry.job] = {entry.seconds, Clock::now()};
    return entry.job;
}

void JobQueue::report(const JobReport& report) {
    const std::lock_guard lock(mutex_);
    const Running& running = running_.at(report.job);
    expected_of_done_ += running.expected;
    seconds_of_done_ += seconds_since(running.begin);
    running_.erase(report.job);
    ++done_;
    if (report.failed) failures_.push_back(report);
}

JobQueue::Counts JobQueue::counts() const {
    const std::lock_guard lock(mutex_);
    Counts counts{entries_.size(), done_, running_.size(), failures_.size(), 0.0};
    const double stretch = expected_of_done_ > 0.0 ? seconds_of_done_ / expected_of_done_ : 1.0;
    for (std::size_t k = next_; k < entries_.size(); ++k)
        counts.seconds_left += stretch * entries_[k].seconds;
    for (const auto& [job, running] : running_)
        counts.seconds_left +=
            std::max(0.0, stretch * running.expected - seconds_since(running.begin));
    counts.seconds_left /= static_cast<double>(std::max<std::size_t>(1, running_.size()));
    return counts;
}

std::vector<JobReport> JobQueue::failures() const {
    const std::lock_guard lock(mutex_);
    std::vector<JobReport> failures = failures_;
    std::sort(failures.begin(), failures.end(),
              [](const JobReport& a, const JobReport& b) { return a.job < b.job; });
    return failures;
}

}  // namespace apical

#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace apical {

// How a job ended.
struct JobReport {
    std::size_t job = 0;
    bool failed = false;
    std::string message;  // of a failure
};

// Hands out jobs in a fixed order and counts how they end. Several threads may call it.
class JobQueue {
public:
    // Jobs with the time in s that each is expected to take.
    struct Entry {
        std::size_t job;
        double seconds;
    };
    // The longest come first, so that all who run them end at about the same time.
    explicit JobQueue(std::vector<Entry> entries);

    // Nothing when there is none left, or the sweep is to stop.
    std::optional<std::size_t> next();
    void report(const JobReport& report);

    // The jobs that run end without a result, and no other begins.
    void stop() { stopped_ = true; }
    const std::atomic<bool>& stopped() const { return stopped_; }

    struct Counts {
        std::size_t jobs = 0, done = 0, running = 0, failed = 0;  // those that failed are done too
        double seconds_left = 0.0;                                // for as many at once as run now
    };
    Counts counts() const;
    std::vector<JobReport> failures() const;  // in the order of the jobs

private:
    using Clock = std::chrono::steady_clock;
    struct Running {
        double expected;
        Clock::time_point begin;
    };
    mutable std::mutex mutex_;
    std::atomic<bool> stopped_ = false;
    std::vector<Entry> entries_;
    std::size_t next_ = 0, done_ = 0;
    double expected_of_done_ = 0.0, seconds_of_done_ = 0.0;
    std::map<std::size_t, Running> running_;
    std::vector<JobReport> failures_;
};

}  // namespace apical

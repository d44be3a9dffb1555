#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "sim/runs/run_model.hpp"
#include "sim/sweep/job_queue.hpp"

namespace apical {

// "1:02:03", "2:03"
std::string duration_text(double seconds);

// One line on stderr: rewritten in place on a terminal; elsewhere a new line now and then.
class StatusLine {
public:
    explicit StatusLine(bool quiet);
    ~StatusLine();
    StatusLine(const StatusLine&) = delete;
    StatusLine& operator=(const StatusLine&) = delete;

    bool due() const;
    void show(const std::string& text);
    double seconds() const;  // since it was made

private:
    using Clock = std::chrono::steady_clock;
    bool quiet_, terminal_, shown_ = false;
    Clock::time_point begin_ = Clock::now(), last_ = begin_;
};

// The status of a run: steps done, steps a second, loss (the mean since the last line) if there is
// one, time left.
class RunStatus {
public:
    explicit RunStatus(bool quiet) : quiet_(quiet) {}

    // A run is heard of first before its first step.
    void hear(const RunProgress& now);

private:
    void show(const RunProgress& now);

    bool quiet_;
    std::optional<StatusLine> line_;
    RunProgress begin_, shown_;  // as it was first heard of, and in the last line
};

// The status of a sweep: jobs done, running and failed, time left.
class SweepStatus {
public:
    explicit SweepStatus(bool quiet) : line_(quiet) {}

    void hear(const JobQueue& queue);

private:
    StatusLine line_;
};

}  // namespace apical

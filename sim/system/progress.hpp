#pragma once

#include <chrono>
#include <cstdint>
#include <string>

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

// The status of a run: steps done, steps a second, loss, time left.
class Progress {
public:
    // Shows the progress towards `steps` of a run that goes on after the step `begun_after`.
    Progress(std::int64_t steps, bool quiet, std::int64_t begun_after)
        : line_(quiet), steps_(steps), begun_after_(begun_after) {}

    // `loss` is the mean since the last line.
    bool due() const { return line_.due(); }
    void show(std::int64_t step, double loss);
    double seconds() const { return line_.seconds(); }

private:
    StatusLine line_;
    std::int64_t steps_, begun_after_;
};

}  // namespace apical

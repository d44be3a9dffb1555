#pragma once

#include <chrono>
#include <cstdint>

namespace apical {

// One line on stderr: steps done, steps a second, loss, time left. Rewritten in place on a
// terminal; elsewhere a new line now and then.
class Progress {
public:
    Progress(std::int64_t steps, bool quiet);
    ~Progress();

    // `loss` is the mean since the last line.
    bool due() const;
    void show(std::int64_t step, double loss);
    double seconds() const;

private:
    using Clock = std::chrono::steady_clock;
    std::int64_t steps_;
    bool quiet_, terminal_, shown_ = false;
    Clock::time_point begin_ = Clock::now(), last_ = begin_;
};

}  // namespace apical

#include "sim/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace apical {

namespace {

constexpr double seconds_between_frames = 0.2;
constexpr double seconds_between_lines = 10.0;

std::string time_text(double seconds) {
    const auto whole = static_cast<std::int64_t>(seconds);
    if (whole >= 3600)
        return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace

Progress::Progress(std::int64_t steps, bool quiet)
    : steps_(steps), quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
    if (shown_ && terminal_) fmt::print(stderr, "\r\033[K");
}

double Progress::seconds() const {
    return std::chrono::duration<double>(Clock::now() - begin_).count();
}

bool Progress::due() const {
    if (quiet_) return false;
    const double since = std::chrono::duration<double>(Clock::now() - last_).count();
    return since >= (terminal_ ? seconds_between_frames : seconds_between_lines);
}

void Progress::show(std::int64_t step, double loss) {
    last_ = Clock::now();
    shown_ = true;
    const double rate = static_cast<double>(step) / seconds();
    const double left = static_cast<double>(steps_ - step) / rate;
    fmt::print(stderr, "{}step {} of {} ({:.0f} %)  {:.4g} steps/s  loss {:.5f}  {} left{}",
               terminal_ ? "\r" : "", step, steps_,
               100.0 * static_cast<double>(step) / static_cast<double>(steps_), rate, loss,
               time_text(left), terminal_ ? "\033[K" : "\n");
    std::fflush(stderr);
}

}  // namespace apical

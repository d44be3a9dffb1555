#include "sim/command_line/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

#include "sim/numbers/number_text.hpp"
#include "sim/system/seconds_since.hpp"

namespace apical {

namespace {

constexpr double seconds_between_frames = 0.2;
constexpr double seconds_between_lines = 10.0;

}  // namespace

std::string duration_text(double seconds) {
    const auto whole = static_cast<std::int64_t>(seconds);
    if (whole >= 3600)
        return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

StatusLine::StatusLine(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1) {}

StatusLine::~StatusLine() {
    if (shown_ && terminal_) fmt::print(stderr, "\r\033[K");
}

double StatusLine::seconds() const { return seconds_since(begin_); }

bool StatusLine::due() const {
    if (quiet_) return false;
    return seconds_since(last_) >= (terminal_ ? seconds_between_frames : seconds_between_lines);
}

void StatusLine::show(const std::string& text) {
    last_ = Clock::now();
    shown_ = true;
    fmt::print(stderr, "{}{}{}", terminal_ ? "\r" : "", text, terminal_ ? "\033[K" : "\n");
    std::fflush(stderr);
}

void RunStatus::hear(const RunProgress& now) {
    if (!line_) {
        line_.emplace(quiet_);
        begin_ = shown_ = now;
    } else if (line_->due()) {
        show(now);
        shown_ = now;
    }
}

void RunStatus::show(const RunProgress& now) {
    const std::string loss =
        std::isnan(now.loss_sum) || now.loss_steps == shown_.loss_steps
            ? ""
            : fmt::format("  loss {}",
                          fixed_text((now.loss_sum - shown_.loss_sum) /
                                         static_cast<double>(now.loss_steps - shown_.loss_steps),
                                     5));
    const double rate = static_cast<double>(now.step - begin_.step) / line_->seconds();
    const double left = static_cast<double>(now.steps - now.step) / rate;
    line_->show(fmt::format("step {} of {} ({:.0f} %)  {:.4g} steps/s{}  {} left", now.step,
                            now.steps,
                            100.0 * static_cast<double>(now.step) / static_cast<double>(now.steps),
                            rate, loss, duration_text(left)));
}

void SweepStatus::hear(const JobQueue& queue) {
    if (!line_.due()) return;
    const JobQueue::Counts counts = queue.counts();
    line_.show(fmt::format("{} of {} jobs done, {} running, {} failed  {} left", counts.done,
                           counts.jobs, counts.running, counts.failed,
                           duration_text(counts.seconds_left)));
}

}  // namespace apical

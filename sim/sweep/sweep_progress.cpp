#include "sim/sweep/sweep_progress.hpp"

#include <fmt/format.h>

namespace apical {

void SweepProgress::show(const JobQueue::Counts& counts) {
    if (!line_.due()) return;
    line_.show(fmt::format("{} of {} jobs done, {} running, {} failed  {} left", counts.done,
                           counts.jobs, counts.running, counts.failed,
                           duration_text(counts.seconds_left)));
}

}  // namespace apical

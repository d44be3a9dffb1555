#pragma once

#include "sim/progress.hpp"
#include "sim/sweep/job_queue.hpp"

namespace apical {

// One line on stderr, as `Progress`: jobs done, running, failed, time left.
class SweepProgress {
public:
    explicit SweepProgress(bool quiet) : line_(quiet) {}

    // When it is time to.
    void show(const JobQueue::Counts& counts);

private:
    StatusLine line_;
};

}  // namespace apical

#include "sim/command_line/run_missing.hpp"

#include "sim/command_line/interrupt.hpp"
#include "sim/command_line/progress.hpp"

namespace apical {

SweepSummary run_missing(const Sweep& sweep, const JobList& list, const SweepOptions& options,
                         Ranks& ranks, bool quiet) {
    SweepRun run(sweep, list, options, ranks);
    {
        const InterruptHandler interrupt;
        SweepStatus status(quiet);
        run.wait(interrupt.request(), Listener<JobQueue>(status));
    }
    return run.finish();
}

}  // namespace apical

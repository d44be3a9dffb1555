// Sweeps that another program begins: it hears of their jobs, and asks them to stop.
#include <cstdlib>
#include <string>

#include "sim/sweep/run_sweep.hpp"
#include "tests/sim/sweep/sweep_folder.hpp"

using namespace apical;

namespace {

// Asks for the end when it hears of the jobs for the second time.
struct ImpatientWithSweep {
    StopRequest stop;
    int heard = 0;
    std::size_t jobs = 0;

    void hear(const JobQueue& queue) {
        jobs = queue.counts().jobs;
        if (++heard == 2) stop.ask_to_end(SIGTERM);
    }
};

std::string endless_jobs() {
    return few_seeds + "[set]\nrun.steps = 10_000_000_000\n" + model_lines("RFLO", "rflo");
}

Sweep loaded_sweep(const SweepFolder& folder) {
    Sweep sweep = load_sweep(folder.folder / "s.toml");
    sweep.output = folder.result();
    return sweep;
}

}  // namespace

TEST_CASE("a sweep that its caller asks to stop says what is missing", "[sweep]") {
    const SweepFolder folder(endless_jobs());
    const Sweep sweep = loaded_sweep(folder);
    const JobList list = list_jobs(sweep);
    Ranks ranks;
    ImpatientWithSweep caller;
    SweepRun run(sweep, list, {.threads = 2}, ranks);
    run.wait(caller.stop, Listener<JobQueue>(caller));
    const SweepSummary summary = run.finish();
    CHECK(caller.heard >= 2);
    CHECK(caller.jobs == 3);
    CHECK(summary.signal == SIGTERM);
    CHECK(summary.jobs == 3);
    CHECK(summary.done == 0);
    CHECK(summary.missing == 3);
}

TEST_CASE("ranks are alone until their caller begins MPI, whatever the environment says",
          "[sweep]") {
    const char* const name = "OMPI_COMM_WORLD_SIZE";
    const std::string before = std::getenv(name) ? std::getenv(name) : "";
    setenv(name, "4", 1);
    const Ranks ranks;
    if (before.empty()) {
        unsetenv(name);
    } else {
        setenv(name, before.c_str(), 1);
    }
    CHECK(ranks.rank() == 0);
    CHECK(ranks.size() == 1);
    CHECK(ranks.all_left());
}

TEST_CASE("a sweep that nobody waits for ends its jobs", "[sweep]") {
    const SweepFolder folder(endless_jobs());
    const Sweep sweep = loaded_sweep(folder);
    const JobList list = list_jobs(sweep);
    Ranks ranks;
    { const SweepRun run(sweep, list, {.threads = 2}, ranks); }
    CHECK(folder.parts() == 0);
}

// Runs that another program begins: it hears how they get on, and asks them to stop.
#include "sim/run_file/stored_run.hpp"
#include "tests/sim/command_line/program_run.hpp"
#include "tests/sim/runs/resumed_run.hpp"

using namespace apical;

namespace {

Model endless_model(const std::string& run_file) {
    Model model = load_model(path_of_shipped("rflo"), {"run.steps=10_000_000_000", "record={}",
                                                       "checkpoint={ minutes = 0, keep = 99 }"});
    model.output = run_file;
    return model;
}

// Notes what it hears; asks for a checkpoint when the run has got anywhere, then for the end.
struct Impatient {
    StopRequest stop;
    std::vector<RunProgress> heard;

    void hear(const RunProgress& now) {
        heard.push_back(now);
        if (heard.size() == 2) stop.ask_for_checkpoint();
        if (heard.size() == 4) stop.ask_to_end(SIGTERM);
    }
};

}  // namespace

TEST_CASE("a run that its listener asks to end is saved, and says where it stopped",
          "[checkpoint][run]") {
    const TemporaryFolder folder;
    const Model model = endless_model(folder / "r.h5");
    Impatient caller;
    const RunSummary summary =
        run_model(model, {.stop = &caller.stop, .progress = Listener<RunProgress>(caller)});
    CHECK(summary.interrupted);
    CHECK(summary.signal == SIGTERM);
    REQUIRE(caller.heard.size() == 4);
    CHECK(caller.heard[0].step == 0);
    CHECK(caller.heard[0].loss_sum == 0.0);
    for (std::size_t k = 0; k < 4; ++k) CHECK(caller.heard[k].steps == model.steps);
    for (std::size_t k = 1; k < 4; ++k) {
        CHECK(caller.heard[k].step > caller.heard[k - 1].step);
        CHECK(caller.heard[k].loss_sum > caller.heard[k - 1].loss_sum);
    }
    CHECK(checkpoint_steps(model.output) ==
          std::vector<std::int64_t>{caller.heard[1].step, summary.steps});
    CHECK(StoredRun(model.output).steps_completed() == summary.steps);
}

TEST_CASE("a run that is resumed is heard of from the step that it goes on from",
          "[checkpoint][run]") {
    const TemporaryFolder folder;
    const Model model = endless_model(folder / "r.h5");
    Impatient first, second;
    const RunSummary before =
        run_model(model, {.stop = &first.stop, .progress = Listener<RunProgress>(first)});
    std::vector<std::string> notes;
    const RunSummary after =
        resume(model, checkpoint_to_resume(model.output, notes),
               {.stop = &second.stop, .progress = Listener<RunProgress>(second)});
    CHECK(second.heard.at(0).step == before.steps);
    CHECK(after.begun_after == before.steps);
    CHECK(after.interrupted);
}

// Bounds that a task of a file states are those of its run, too.
#include "sim/model/stored_model.hpp"
#include "sim/runs/run_model.hpp"
#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

TEST_CASE("a run of a file's task has the bounds that the task states", "[task][inspect]") {
    const TemporaryFolder folder;
    folder.write("rows.csv", "x,y\n0,1\n1,0\n0,1\n1,1\n");
    const std::string text =
        "format = 1\n"
        "phase = [{ name = \"forward\", ms = 6.0 }, { name = \"update\", ms = 4.0 }]\n"
        "population.input.role = \"input\"\n"
        "population.label.role = \"label\"\n"
        "population.output.role = \"output\"\n"
        "synapses.W = { from = \"input\", to = \"output.soma\", during = \"forward\","
        " init = { constant = 1.0 } }\n"
        "plasticity = {}\n"
        "task = { kind = \"file\", path = \"rows.csv\", x = \"x\", y = \"y\", readout = "
        "\"linear\", "
        "bounds = { \"nothing known\" = 0.375, floor = 0 } }\n"
        "run = { steps = 4, seed = 1 }\n";
    Model model = load_model(folder.write("rows.toml", text));
    model.output = folder / "rows.h5";
    run_model(model);
    const StoredRun run(model.output);
    const StoredModel stored = stored_model(run);
    REQUIRE(stored.bounds.size() == 2);
    CHECK(stored.bounds[0].name == "nothing known");
    CHECK(stored.bounds[0].loss == 0.375);
    CHECK(stored.bounds[1].name == "floor");
    CHECK(stored.bounds[1].loss == 0.0);
}

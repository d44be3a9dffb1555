// `inspect --trial`, and runs of tasks that have trials of their own, without [trial] in the model.
#include <catch2/catch.hpp>

#include "sim/model/stored_model.hpp"
#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

TEST_CASE("runs of tasks that have trials of their own are read like any others", "[trials]") {
    const TemporaryFolder folder;
    for (const std::string kind : {"delayed_match", "compare", "context", "evidence"}) {
        INFO(kind);
        const std::string file = folder / (kind + ".h5");
        const Outcome run = apical_with({"run", path_of_shipped("rflo"), "--set",
                                         fmt::format("task={{ kind = \"{}\" }}", kind), "--steps",
                                         "3000", "-q", "-o", file});
        REQUIRE(run.code == 0);
        CHECK(apical_with({"inspect", file}).code == 0);
        const StoredRun stored(file);
        const StoredModel model = stored_model(stored);
        REQUIRE(model.circuit.trials);
        CHECK(!model.bounds.empty());
        const StoredQuantity& first = stored.find("trial.first_step");
        const std::vector<double> firsts = stored.read(first, 0, first.rows);
        const Outcome second = apical_with({"inspect", file, "--trial", "2"});
        REQUIRE(second.code == 0);
        CHECK_THAT(second.out, Catch::Contains(fmt::format("steps    {:.0f} to", firsts[1])));
    }
}

TEST_CASE("verify says where a task has trials", "[trials][verify]") {
    const Outcome verify =
        apical_with({"verify", path_of_shipped("rflo"), "--set", "task={ kind = \"compare\" }"});
    CHECK(verify.code == 65);
    CHECK_THAT(verify.err, Catch::StartsWith("apical: --set"));
}

// Run files of sets that are stored by rows.
#include <cmath>

#include "sim/run_file/stored_run.hpp"
#include "sim/show/export/csv.hpp"
#include "tests/sim/command_line/program_run.hpp"
#include "tests/sim/runs/resumed_run.hpp"

using namespace apical;

namespace {

const std::vector<std::string> by_rows = {
    "population.hidden.size=9", "synapses.W_rec.init={ normal = 0.4 }",
    "synapses.W_rec.connect={ probability = 0.3, self = false, storage = \"rows\" }",
    "record={ all = { what = [\"W_rec\", \"eligibility(W_rec)\", \"hidden.r\"], every = 7 } }"};

}  // namespace

TEST_CASE("a run file has one number for each synapse of a set stored by rows, and its two cells",
          "[rows][run_file]") {
    const TemporaryFolder folder;
    const Model model = saved_model(path_of_shipped("rflo"), folder / "rows.h5", by_rows);
    run_model(model);
    const StoredRun run(model.output);
    const SynapseRows& places = *model.places.front();
    for (const char* address : {"W_rec", "eligibility(W_rec)"}) {
        const StoredQuantity& one = run.find(address);
        CHECK(one.stored_row() == std::vector<std::size_t>{places.count()});
        CHECK(one.row == std::vector<std::size_t>{9, 9});
        REQUIRE(one.synapses.size() == places.count());
        for_each_synapse(places, [&](std::size_t i, std::size_t j, std::size_t k) {
            CHECK(one.synapses[k] == 9 * i + j);
        });
        const std::vector<double> all = run.read(one, 1, 2), stored = run.read_stored(one, 1, 2);
        REQUIRE(all.size() == 162);
        REQUIRE(stored.size() == 2 * places.count());
        std::size_t numbers = 0;
        for (std::size_t row = 0; row < 2; ++row) {
            for (std::size_t i = 0; i < 9; ++i) {
                for (std::size_t j = 0; j < 9; ++j) {
                    const double found = all[81 * row + 9 * i + j];
                    const auto k = places.find(i, j);
                    if (!k) {
                        CHECK(std::isnan(found));
                        continue;
                    }
                    ++numbers;
                    CHECK(found == stored[row * places.count() + *k]);
                }
            }
        }
        CHECK(numbers == 2 * places.count());
        CHECK(run.read_part(one, 1, 1, 0, 2, 3).size() == 27);
    }
}

TEST_CASE("a run of sets stored by rows goes on from a checkpoint as if it had never stopped",
          "[rows][checkpoint]") {
    const TemporaryFolder folder;
    const Model model = saved_model(path_of_shipped("rflo"), folder / "whole.h5", by_rows);
    const std::string killed = folder / "killed.h5";
    const RunSummary whole = run_model(model);
    for (const std::int64_t step : {13, 52}) {
        for (const int threads : {1, 2}) {
            leave_killed(model.output, step, killed);
            const RunSummary summary = resumed(killed, threads);
            CHECK(content_of(killed) == content_of(model.output));
            CHECK(summary.loss == whole.loss);
        }
    }
}

TEST_CASE("some cells of a set stored by rows can be recorded", "[rows][run_file]") {
    const TemporaryFolder folder;
    std::vector<std::string> overrides = by_rows;
    overrides.back() =
        "record={ some = { what = \"W_rec\", every = 7, cells = { hidden = [1, 2, 5] } } }";
    const Model model = saved_model(path_of_shipped("rflo"), folder / "some.h5", overrides);
    run_model(model);
    const StoredRun run(model.output);
    const StoredQuantity& one = run.find("W_rec");
    std::vector<std::size_t> expected;
    for_each_synapse(*model.places.front(), [&](std::size_t i, std::size_t j, std::size_t) {
        if (i == 1 || i == 2 || i == 5) expected.push_back(9 * i + j);
    });
    CHECK(one.synapses == expected);
}

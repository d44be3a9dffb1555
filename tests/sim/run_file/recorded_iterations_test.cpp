// What is recorded in each iteration of phases: against closed forms, and for those who read it.
#include <sstream>

#include "sim/model/stored_model.hpp"
#include "sim/run_file/ranges.hpp"
#include "sim/runs/run_model.hpp"
#include "sim/show/inspect/inspect.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// x = 2 + y / 2 and y = 0.8 x, in turn, five times; z approaches 2 in three iterations of "relax".
std::string iterated_cells(const std::string& keys) {
    std::string text = common_lines + R"(
group = [{ phases = ["down", "up"], repeat = 5 }]
population.x = { size = 1, activation = "linear" }
population.y = { size = 2, activation = "linear" }
population.z = { size = 1, activation = "linear", alpha = 0.25 }
synapses.c = { from = "one", to = "x.soma", during = "down", init = { constant = 2.0 } }
synapses.w1 = { from = "y", to = "x.soma", during = "down", delay = "iteration", init = { constant = 0.25 } }
synapses.w2 = { from = "x", to = "y.soma", during = "up", init = { constant = 0.8 } }
synapses.d = { from = "one", to = "z.soma", during = "relax", init = { constant = 2.0 } }
synapses.W_out = { from = "y", to = "output.soma", during = "up", init = { constant = 1.0 } }
)" +
                       "record.some = { what = [\"x.r\", \"y.r\", \"z.r\", \"W_out\", \"loss\"], "
                       "from = 2, to = 3, endpoints = false" +
                       keys + " }\n";
    return with_phases(text,
                       "phase = [{ name = \"relax\", ms = 2.0, repeat = 3 }, { name = \"down\", ms "
                       "= 2.0 }, { name = \"up\", ms = 1.0 }]");
}

constexpr const char* in_each_iteration = ", each_iteration = true";

std::string run_of(const TemporaryFolder& folder, const std::string& keys,
                   const std::string& name = "run") {
    Model model = load_model(folder.write(name + ".toml", iterated_cells(keys)), {"run.steps=4"});
    model.output = folder / (name + ".h5");
    run_model(model);
    return model.output;
}

// x behind so many iterations: 2 (1 - 0.4^k) / 0.6.
double settled(int iterations) { return 2.0 * (1.0 - std::pow(0.4, iterations)) / 0.6; }

Approx exactly(double expected) { return Approx(expected).epsilon(0.0).margin(1e-14); }

}  // namespace

TEST_CASE("each iteration is recorded, in the order of time", "[iterations][record]") {
    const TemporaryFolder folder;
    const StoredRun run(run_of(folder, in_each_iteration));
    std::vector<std::string> phases(3, "relax");
    for (int k = 0; k < 5; ++k) phases.insert(phases.end(), {"down", "up"});
    CHECK(run.iterations() == phases);
    const StoredQuantity &x = run.find("iterations(x.r)"), &y = run.find("iterations(y.r)"),
                         &z = run.find("iterations(z.r)");
    CHECK(x.path == "/state/x/iterations_rate");
    CHECK(x.by_iteration);
    CHECK_FALSE(x.by_phase);
    CHECK(y.row == std::vector<std::size_t>{13, 2});
    REQUIRE(x.rows == 2);  // of steps 2 and 3
    for (std::uint64_t row = 0; row < 2; ++row) {
        const std::vector<double> of_x = run.read(x, row, 1), of_y = run.read(y, row, 1),
                                  of_z = run.read(z, row, 1);
        const int before = 5 * (int(row) + 1);  // iterations of steps before
        for (int k = 0; k < 3; ++k) {
            const int so_many = 3 * (int(row) + 1) + k + 1;
            CHECK(of_z[k] == exactly(2.0 * (1.0 - std::pow(0.75, so_many))));
            CHECK(of_x[k] == exactly(settled(before)));
        }
        for (int k = 0; k < 5; ++k) {
            const std::size_t down = 3 + 2 * std::size_t(k), up = down + 1;
            CHECK(of_x[down] == exactly(settled(before + k + 1)));
            CHECK(of_x[up] == of_x[down]);
            CHECK(of_y[2 * down] == exactly(0.8 * settled(before + k)));
            CHECK(of_y[2 * up + 1] == exactly(0.8 * settled(before + k + 1)));
        }
        // The last one is what is recorded of the phase.
        CHECK(run.read_part(run.find("x.r"), row, 1, 1, 0, 1)[0] == of_x[11]);
        CHECK(run.read_part(run.find("z.r"), row, 1, 0, 0, 1)[0] == of_z[2]);
    }
    CHECK_FALSE(run.has("iterations(W_out)"));
    CHECK_FALSE(run.has("iterations(loss)"));
}

TEST_CASE("what else is recorded is the same with each iteration and without",
          "[iterations][record]") {
    const TemporaryFolder folder;
    const StoredRun with(run_of(folder, in_each_iteration, "with")),
        without(run_of(folder, "", "without"));
    CHECK(without.iterations().empty());
    for (const StoredQuantity& one : without.quantities()) {
        INFO(one.address);
        const StoredQuantity& other = with.find(one.address);
        REQUIRE(one.rows == other.rows);
        CHECK(without.read(one, 0, one.rows) == with.read(other, 0, other.rows));
    }
}

TEST_CASE("a step's iterations are inspected and exported", "[iterations][inspect]") {
    const TemporaryFolder folder;
    const StoredRun run(run_of(folder, in_each_iteration));
    const StoredModel model = stored_model(run);
    const std::string text = step_text(run, model, 2, {});
    for (int k = 1; k <= 5; ++k) {
        CHECK_THAT(text, Catch::Contains(fmt::format("  iterations(x.r) {}", k)));
        CHECK_THAT(text, Catch::Contains(fmt::format("{:.5g}", settled(5 + k))));
    }
    CHECK_THAT(text, !Catch::Contains("iterations(x.r) 6"));
    CHECK_THAT(step_json(run, model, 2, {}), Catch::Contains("\"iterations(z.r)\""));
    CHECK_THAT(step_json(run, model, 2, CellList{{1, 2}}), Catch::Contains("\"iterations(y.r)\""));
}

TEST_CASE("iterations are recorded of cells that are chosen, and only where there are some",
          "[iterations][record]") {
    const TemporaryFolder folder;
    const StoredRun run(run_of(folder, ", each_iteration = true, cells = { y = [1] }"));
    const StoredQuantity& y = run.find("iterations(y.r)");
    CHECK(y.row == std::vector<std::size_t>{13, 1});
    CHECK(cell_at(y, 1, 0) == 1);
    CHECK(run.read(y, 0, 1)[12] == exactly(0.8 * settled(10)));
    std::string once = iterated_cells(", each_iteration = true");
    once.replace(once.find(", repeat = 3"), 12, "");
    const std::size_t group = once.find("group = ");
    once.erase(group, once.find('\n', group) - group);
    once.replace(once.find("what = [\"x.r\""), 13, "what = [@\"x.r\"");
    once.replace(once.find(", delay = \"iteration\""), 21, ", delay = 1");
    rejects_text(once,
                 {"[record.some] has each_iteration, but no phase of the model is carried out "
                  "in iterations"});
}

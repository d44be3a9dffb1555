// Run files as the reader of the program sees them, against numbers that a formula gives.
#include "sim/inspect/stored_run.hpp"

#include <catch2/catch.hpp>
#include <memory>

#include "circuits/error.hpp"
#include "tests/sim/run_file.hpp"

using namespace apical;

namespace {

// Voltages of 3 cells in two phases and a matrix of 2 x 3, sampled every 5 steps from step 2 on.
struct Recorded : Recordable {
    SlotId v = slot(Shape::per_cell, 3);
    SlotId w = slot(Shape::per_synapse, 2, 3);
    TemporaryDirectory directory;
    std::string path = directory / "run.h5";
    std::unique_ptr<State> state;
    std::unique_ptr<Recorder> recorder;

    Recorded() {
        quantity("hidden.soma.v", "/state/hidden/soma/voltage", {v, v}, true);
        quantity("W", "/synapses/W/strength", {w}, false);
        state = std::make_unique<State>(program);
        recorder = std::make_unique<Recorder>(
            program, std::vector{recording("some", {"hidden.soma.v", "W"}, 5, 2, 1000)},
            description(), path, false);
    }

    static double voltage(std::int64_t step, std::size_t phase, std::size_t cell) {
        return static_cast<double>(step) + 0.1 * static_cast<double>(phase) +
               0.01 * static_cast<double>(cell);
    }
    void advance(std::int64_t first, std::int64_t last) {
        run(*recorder, *state, first, last, [&](std::int64_t step, std::size_t phase) {
            for (std::size_t i = 0; i < 3; ++i) state->data(v)[i] = voltage(step, phase, i);
            std::vector<double> numbers(6);
            for (std::size_t k = 0; k < 6; ++k)
                numbers[k] = static_cast<double>(step * 10 + static_cast<std::int64_t>(k));
            state->write(w, numbers.data());
        });
        recorder->flush();
    }
};

}  // namespace

TEST_CASE("a stored run finds quantities by address, by short address and by path", "[inspect]") {
    Recorded recorded;
    recorded.advance(1, 20);
    const StoredRun stored(recorded.path);
    const StoredQuantity& v = stored.find("hidden.soma.v");
    CHECK(&stored.find("hidden.soma") == &v);
    CHECK(&stored.find("/state/hidden/soma/voltage") == &v);
    CHECK(v.by_phase);
    CHECK(v.row == std::vector<std::size_t>{2, 3});
    CHECK(v.units == "mV");
    CHECK_FALSE(stored.find("W").by_phase);
    CHECK_FALSE(stored.has("hidden"));
    CHECK_THROWS_WITH(stored.find("hidden.som"),
                      Catch::Contains("Did you mean \"hidden.soma.v\"?") &&
                          Catch::Contains("recorded are hidden.soma.v, W"));
}

TEST_CASE("a stored run reads the rows, phases and cells that are asked for", "[inspect]") {
    Recorded recorded;
    recorded.advance(1, 20);  // steps 2, 7, 12, 17
    const StoredRun stored(recorded.path);
    const StoredQuantity& v = stored.find("hidden.soma.v");
    REQUIRE(v.rows == 4);
    CHECK(stored.steps(v.axis, 1, 3) == std::vector<std::int64_t>{7, 12, 17});
    std::vector<double> expected;
    for (const std::int64_t step : {7, 17}) {
        for (std::size_t p = 0; p < 2; ++p) {
            for (std::size_t i = 0; i < 3; ++i) expected.push_back(Recorded::voltage(step, p, i));
        }
    }
    CHECK(stored.read(v, 1, 2, 2) == expected);
    CHECK(stored.read_part(v, 2, 2, 1, 1, 2) ==
          std::vector{Recorded::voltage(12, 1, 1), Recorded::voltage(12, 1, 2),
                      Recorded::voltage(17, 1, 1), Recorded::voltage(17, 1, 2)});
    CHECK(stored.read(stored.find("W"), 3, 1) == std::vector<double>{170, 171, 172, 173, 174, 175});
}

TEST_CASE("a stored run finds the row of a step", "[inspect]") {
    Recorded recorded;
    recorded.advance(1, 20);
    const StoredRun stored(recorded.path);
    for (const auto& [step, row] : std::vector<std::pair<std::int64_t, std::uint64_t>>{
             {1, 0}, {2, 0}, {3, 1}, {7, 1}, {8, 2}, {17, 3}, {18, 4}, {INT64_MAX, 4}}) {
        INFO(step);
        CHECK(stored.row_of(0, step) == row);
    }
}

TEST_CASE("a stored run sees the rows that were written since, and the times of phases",
          "[inspect]") {
    Recorded recorded;
    recorded.advance(1, 10);
    StoredRun stored(recorded.path);
    CHECK(stored.find("W").rows == 2);
    CHECK(stored.steps_completed() == -1);
    CHECK(stored.step_ms() == Approx(10.0));
    CHECK(stored.phase_end_ms().size() == 2);
    CHECK(stored.phase_end_ms().front() == Approx(6.0));
    recorded.advance(11, 40);
    CHECK(stored.find("W").rows == 2);
    stored.refresh();
    CHECK(stored.find("W").rows == 8);
    CHECK(stored.axes().front().last == 37);
    CHECK(stored.read(stored.find("W"), 7, 1).front() == 370.0);
}

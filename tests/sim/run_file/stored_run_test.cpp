// Run files as the reader of the program sees them, against numbers that a formula gives.
#include "sim/run_file/stored_run.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <memory>
#include <thread>

#include "circuits/text/error.hpp"
#include "sim/run_file/ranges.hpp"
#include "tests/sim/run_file/named_recorder.hpp"
#include "tests/sim/run_file/run_file.hpp"

using namespace apical;

namespace {

// Voltages of 3 cells in two phases and a matrix of 2 x 3, sampled every 5 steps from step 2 on.
struct Recorded : Recordable {
    SlotId v = slot(Shape::per_cell, 3);
    SlotId w = slot(Shape::per_synapse, 2, 3);
    TemporaryDirectory directory;
    std::string path = directory / "run.h5";
    std::unique_ptr<State> state;
    std::unique_ptr<NamedRecorder> recorder;

    Recorded() {
        quantity("hidden.soma.v", "/state/hidden/soma/voltage", {v, v}, true);
        quantity("W", "/synapses/W/strength", {w}, false, What::strength);
        state = std::make_unique<State>(program);
        recorder = std::make_unique<NamedRecorder>(
            program, std::vector{recording("some", {"hidden.soma.v", "W"}, 5, 2, 1000)},
            description(), path, Replacing::no);
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
    for (const std::int64_t step : {7, 12}) {
        for (std::size_t p = 0; p < 2; ++p) {
            for (std::size_t i = 0; i < 3; ++i) expected.push_back(Recorded::voltage(step, p, i));
        }
    }
    CHECK(stored.read(v, 1, 2) == expected);
    CHECK(stored.read_part(v, 2, 2, 1, 1, 2) ==
          std::vector{Recorded::voltage(12, 1, 1), Recorded::voltage(12, 1, 2),
                      Recorded::voltage(17, 1, 1), Recorded::voltage(17, 1, 2)});
    CHECK(stored.read(stored.find("W"), 3, 1) == std::vector<double>{170, 171, 172, 173, 174, 175});
}

TEST_CASE("a stored run says of rows, axes and entries that it has not got them", "[inspect]") {
    Recorded recorded, other;
    recorded.advance(1, 20);
    other.advance(1, 20);
    const StoredRun stored(recorded.path), elsewhere(other.path);
    const StoredQuantity &v = stored.find("hidden.soma.v"), &w = stored.find("W");
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    const auto refused = [](auto action, const std::string& why) {
        try {
            action();
            FAIL("nothing was thrown; expected " + why);
        } catch (const Error& error) {
            CHECK(error.code() == ExitCode::usage);
            CHECK_THAT(error.what(), Catch::Contains(why));
        }
    };
    refused([&] { stored.read(w, 4, 1); }, "\"W\" has 4 rows; 1 from 4 on were asked for");
    refused([&] { stored.read(w, 0, 5); }, "\"W\" has 4 rows; 5 from 0 on were asked for");
    refused([&] { stored.read(w, 0, most); }, "\"W\" has 4 rows");
    refused([&] { stored.read(w, most, 2); }, "\"W\" has 4 rows");
    refused([&] { stored.read_part(w, 0, 1, 0, 2, 2); }, "\"W\" has 3 entries in a row; 2 from 2");
    refused([&] { stored.read_part(v, 0, 1, 2, 0, 1); },
            "\"hidden.soma.v\" has 2 phases; 1 from 2");
    refused([&] { stored.steps(0, 3, 2); }, "\"some\" has 4 rows; 2 from 3 on");
    refused([&] { stored.steps(1, 0, 1); }, "it has 1 axes; axis 1, counted from 0,");
    refused([&] { stored.row_of(1, 0); }, "it has 1 axes");
    refused([&] { stored.events(0, 1); }, "\"/events\" has 0 events; 1 from 0 on");
    StoredQuantity foreign = w;
    foreign.path = "/synapses/W_in/strength";
    refused([&] { stored.read(foreign, 0, 1); }, "is a quantity of another run file");
    foreign.dataset = 9;
    refused([&] { stored.read(foreign, 0, 1); }, "is a quantity of another run file");
    CHECK(stored.read(w, 4, 0).empty());
    CHECK(elsewhere.read(w, 3, 1) == stored.read(w, 3, 1));  // what has the same place there
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

TEST_CASE("a stored run has the rows of steps, both the first and the last among them",
          "[inspect]") {
    Recorded recorded;
    recorded.advance(1, 20);  // steps 2, 7, 12, 17
    const StoredRun stored(recorded.path);
    const auto rows = [&](const StepRange& steps) {
        const RowRange found = rows_in(stored, 0, steps);
        return std::pair(found.first, found.count);
    };
    using Rows = std::pair<std::uint64_t, std::uint64_t>;
    CHECK(rows({7, 12}) == Rows{1, 2});
    CHECK(rows({8, 11}).second == 0);
    CHECK(rows({17, INT64_MAX}) == Rows{3, 1});
    CHECK(rows({}) == Rows{0, 4});
}

TEST_CASE("a range of steps has both its ends, and neither kind of range has other words",
          "[inspect]") {
    CHECK(steps_of("40:50").first == 40);
    CHECK(steps_of("40:50").last == 50);
    CHECK(steps_of("7").last == 7);
    CHECK(steps_of("9:9").first == 9);
    CHECK(steps_of("0:4").first == 0);
    CHECK(cells_of("3:5") == CellList{{3, 5}});
    CHECK(cells_of("3") == CellList{{3, 4}});
    CHECK(cells_of("25,3,17") == CellList{{3, 4}, {17, 18}, {25, 26}});
    CHECK(cells_of("8,0:3") == CellList{{0, 3}, {8, 9}});
    CHECK_THROWS_WITH(cells_of("0:4,3"), Catch::Contains("the cell 3 is named twice"));
    for (const char* bad : {"", "5:4", "-1:4", "1:", ":4", "1:2:3", "1:x", " 1", "+1", "-0",
                            "18446744073709551615", "9223372036854775808"}) {
        INFO(bad);
        CHECK_THROWS_WITH(steps_of(bad), Catch::Contains("expected a range of steps"));
    }
    for (const char* bad : {"", "5:5", "5:4", "-1:4", "3:", "18446744073709551615", "x", "1,", ",1",
                            "1,,2", "1, 2"}) {
        INFO(bad);
        CHECK_THROWS_WITH(cells_of(bad), Catch::Contains("expected cells and ranges of cells"));
    }
}

TEST_CASE("a run opened anew has the rows that were written since", "[inspect]") {
    Recorded recorded;
    recorded.advance(1, 10);
    const StoredRun before(recorded.path);
    CHECK(before.find("W").rows == 2);
    recorded.advance(11, 40);
    CHECK(before.find("W").rows == 2);
}

TEST_CASE("the times of phases are the model's, exactly", "[inspect]") {
    // Sums of these in ms are rounded: 99 * 1.1 + 0.7 - 99 * 1.1 is not 0.7.
    TemporaryDirectory directory;
    Recordable recordable;
    const SlotId v = recordable.slot(Shape::per_cell, 1);
    recordable.quantity("hidden.soma.v", "/state/hidden/soma/voltage", {v, v}, true);
    RunDescription described = description();
    described.resolved =
        "[[phase]]\nname = \"forward\"\nms = 0.7\n[[phase]]\nname = \"update\"\nms = 0.4\n";
    described.phase_end_ms = {0.7, 1.1};
    described.step_ms = 1.1;
    State state(recordable.program);
    NamedRecorder recorder(recordable.program, {recording("late", {"hidden.soma.v"}, 1, 100, 110)},
                           described, directory / "run.h5", Replacing::no);
    run(recorder, state, 100, 105, [](std::int64_t, std::size_t) {});
    recorder.flush();
    const StoredRun stored(directory / "run.h5");
    CHECK(stored.phase_end_ms() == std::vector{0.7, 1.1});
    CHECK(stored.step_ms() == 1.1);
}

TEST_CASE("a stored run says how its run stands: it goes on, was killed, failed or ended",
          "[inspect]") {
    Recorded recorded;
    recorded.advance(1, 20);
    {
        const StoredRun growing(recorded.path);
        CHECK(growing.is_being_written());
        CHECK(growing.steps_completed() == -1);
    }
    std::filesystem::copy_file(recorded.path, recorded.directory / "copy.h5");
    const StoredRun killed(recorded.directory / "copy.h5");
    CHECK_FALSE(killed.is_being_written());
    CHECK(killed.steps_completed() == -1);
    CHECK(killed.last_step() == 17);
    recorded.recorder->close(20, 0.5, "step 21: \"hidden.r\" is nan");
    const StoredRun failed(recorded.path);
    CHECK_FALSE(failed.is_being_written());
    CHECK(failed.steps_completed() == 20);
    CHECK(failed.failure() == "step 21: \"hidden.r\" is nan");
    CHECK(failed.find("W").rows == 4);
}

TEST_CASE("threads read run files, each its own and both one, while another file is written",
          "[inspect]") {
    Recorded one, other, growing;
    one.advance(1, 100);
    other.advance(1, 100);
    const StoredRun shared(one.path);
    const std::vector<double> expected = shared.read(shared.find("W"), 0, 20);
    std::vector<int> differing(2);
    const auto read_often = [&](const std::string& path, int& differs) {
        for (int k = 0; k < 50; ++k) {
            const StoredRun own(path);
            if (own.read(own.find("W"), 0, 20) != expected) ++differs;
            if (shared.read(shared.find("W"), 0, 20) != expected) ++differs;
            if (own.text(run_attribute::title) != "a title") ++differs;
        }
    };
    std::thread first([&] { read_often(one.path, differing[0]); });
    std::thread second([&] { read_often(other.path, differing[1]); });
    for (std::int64_t step = 1; step <= 100; step += 5) growing.advance(step, step + 4);
    first.join();
    second.join();
    CHECK(differing == std::vector<int>{0, 0});
    CHECK(StoredRun(growing.path).find("W").rows == 20);
}

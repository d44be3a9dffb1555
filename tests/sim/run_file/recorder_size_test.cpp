// How large a run file and its buffers are, known before anything is made.
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>

#include "sim/run_file/lay_out.hpp"
#include "sim/run_file/run_size.hpp"
#include "tests/sim/run_file/named_recorder.hpp"
#include "tests/sim/run_file/run_file.hpp"

using namespace apical;

TEST_CASE("the size of a file is known before, closely and never too low", "[recorder]") {
    const auto estimate_over_size = [](int vectors, int cells, int matrices, std::int64_t steps,
                                       std::size_t model_bytes) {
        Recordable some;
        for (int i = 0; i < vectors; ++i) {
            const std::string name = "population_" + std::to_string(i);
            const SlotId v = some.slot(Shape::per_cell, cells);
            some.quantity(name + ".soma.v", "/state/" + name + "/soma/voltage", {v, v}, true);
        }
        for (int i = 0; i < matrices; ++i) {
            const std::string name = "W_" + std::to_string(i);
            some.quantity(name, "/synapses/" + name + "/strength",
                          {some.slot(Shape::per_synapse, cells, cells)}, false);
        }
        std::vector<std::string> addresses;
        for (const Quantity& quantity : some.program.quantities)
            addresses.push_back(quantity.address);
        RunDescription run_description = description();
        run_description.model = std::string(model_bytes, 'm');
        TemporaryDirectory directory;
        const std::string path = directory / "run.h5";
        State state(some.program);
        const std::vector<Recording> tables{recording("all", addresses, 1, 1, steps),
                                            recording("few", {addresses[0]}, 3, 1, steps)};
        NamedRecorder recorder(some.program, tables, run_description, path, Replacing::no);
        run(recorder, state, 1, steps, [](auto, auto) {});
        recorder.close(steps, 0.0);
        const auto size = static_cast<double>(std::filesystem::file_size(path));
        const std::uint64_t estimate = Recorder::estimate(some.program, tables, run_description);
        const double ratio = static_cast<double>(estimate) / size;
        CAPTURE(vectors, cells, matrices, steps, size);
        CHECK(ratio >= 1.0);
        CHECK((ratio <= 2.0 || size < 1e6));
    };
    estimate_over_size(1, 1, 0, 1, 10);
    estimate_over_size(3, 32, 2, 700, 5000);
    estimate_over_size(1, 1, 0, 200'000, 10);
    estimate_over_size(300, 3, 0, 20, 100'000);
    estimate_over_size(2, 400, 1, 3, 5'000'000);
    estimate_over_size(1, 17, 300, 2, 10);
    estimate_over_size(5, 64, 0, 30'000, 10);  // with aligned chunks
}

TEST_CASE("rows gathered in memory take at most 64 MB, and a row is never lost to that",
          "[recorder]") {
    Recordable wide;
    for (int i = 0; i < 1500; ++i) {
        const std::string name = std::to_string(i);
        const SlotId v = wide.slot(Shape::per_cell, 400);
        wide.quantity("v" + name, "/v" + name, {v, v}, true);
        wide.quantity("w" + name, "/w" + name, {wide.slot(Shape::per_synapse, 100, 100)}, false);
    }
    const RunLayout layout = lay_out(wide.program, {recording("a", {"*"}, 1, 1, 1'000'000),
                                                    recording("b", {"v7", "w7"}, 1, 1, 1000)});
    std::size_t bytes = layout.event_window * row_bytes(layout.events);
    for (const AxisLayout& axis : layout.axes) {
        CHECK(axis.window >= 1);
        bytes += axis.window * (row_bytes(axis.step) + row_bytes(axis.time));
        for (const RecordedQuantity& quantity : axis.quantities) {
            if (!quantity.direct) bytes += axis.window * row_bytes(quantity.dataset);
        }
    }
    CHECK(bytes <= 64u << 20);
    CHECK(bytes > 8u << 20);
}

TEST_CASE("a dataset of any size has no more chunks than HDF5 lists within pages", "[recorder]") {
    Recordable all;
    all.quantity("loss", "/loss", {all.slot(Shape::scalar, 1)}, false);
    const SlotId v = all.slot(Shape::per_cell, 32);
    all.quantity("v", "/v", {v, v}, true);
    all.quantity("w", "/w", {all.slot(Shape::per_synapse, 32, 32)}, false);
    all.quantity("large", "/large", {all.slot(Shape::per_synapse, 700, 1100)}, false);
    for (std::int64_t steps = 100; steps <= 10'000'000'000; steps *= 10) {
        for (const char* what : {"loss", "v", "w", "large"}) {
            const RunLayout layout =
                lay_out(all.program, {recording("table", {what}, 1, 1, steps)});
            const NewDataset& dataset = layout.axes.at(0).quantities.at(0).dataset;
            double chunks = std::ceil(double(steps) / double(dataset.chunk[0]));
            double bytes = 8.0 * double(dataset.chunk[0]);
            for (std::size_t i = 0; i < dataset.row.size(); ++i) {
                chunks *= std::ceil(double(dataset.row[i]) / double(dataset.chunk[i + 1]));
                bytes *= double(dataset.chunk[i + 1]);
            }
            CAPTURE(steps, what, dataset.chunk);
            if (double(row_bytes(dataset)) * double(steps) < 2.5e11) CHECK(chunks <= 8180);
            CHECK(bytes <= 64.0 * 1024 * 1024);
            if (chunks < 4000) CHECK(bytes <= 1024.0 * 1024);
        }
    }
}

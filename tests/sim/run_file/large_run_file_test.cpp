// Run files whose rows fill many buffers and chunks.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

#include "sim/run_file/lay_out.hpp"
#include "tests/sim/run_file/named_recorder.hpp"
#include "tests/sim/run_file/run_file.hpp"

using namespace apical;

TEST_CASE("a large file, its chunks aligned, has the same bytes whoever writes", "[recorder]") {
    Recordable wide;
    const SlotId v = wide.slot(Shape::per_cell, 1000);
    const SlotId w = wide.slot(Shape::per_synapse, 20, 20);
    const SlotId direct = wide.slot(Shape::per_synapse, 200, 327);
    wide.quantity("v", "/state/v", {v, v}, true);
    wide.quantity("w", "/w", {w}, false);
    wide.quantity("direct", "/direct", {direct}, false);
    const std::vector<Recording> tables = {recording("fast", {"v"}, 1, 1, 5000),
                                           recording("slow", {"w"}, 7, 1, 5000),
                                           recording("rare", {"direct"}, 230, 1, 5000)};
    const RunLayout layout = lay_out(wide.program, tables);
    REQUIRE(layout.alignment > 1);
    REQUIRE(layout.axes.at(2).quantities.at(0).direct);
    State state(wide.program);
    const TemporaryDirectory directory;
    const auto record = [&](const std::string& name, Writing writing, std::int64_t stretch) {
        NamedRecorder recorder(wide.program, tables, description(), directory / name,
                               Replacing::yes, writing);
        for (std::int64_t step = 1; step <= 5000; step += stretch) {
            run(recorder, state, step, step + stretch - 1, [&](auto now, auto phase) {
                for (const SlotId slot : {v, w, direct}) {
                    state.data(slot)[0] = static_cast<double>(now) + 0.5 * double(phase);
                }
            });
            if (stretch < 5000) recorder.flush();
        }
        recorder.close(5000, 0.0);
        return directory / name;
    };
    const std::string first = record("first", Writing::within_run, 5000);
    CHECK(std::filesystem::file_size(first) > 80'000'000);
    CHECK(python_agrees(first, R"(
file = h5py.File(path)
steps = numpy.arange(1, 5001)
assert (file['state/v'][:, 0, 0] == steps).all() and (file['state/v'][:, 1, 0] == steps + 0.5).all()
assert (file['w'][:, 0, 0] == steps[::7] + 0.5).all() and (file['direct'][:, 0, 0] == steps[::230] + 0.5).all()
assert file['state/v'].id.get_chunk_info(5).byte_offset % 2**18 == 0
)"));
    for (const Writing writing : {Writing::within_run, Writing::beside_run}) {
        for (const std::int64_t stretch : {100, 5000}) {
            const std::string other = record("other", writing, stretch);
            CHECK(std::system(("cmp '" + first + "' '" + other + "'").c_str()) == 0);
        }
    }
}

TEST_CASE("a long run whose rows fill many buffers and chunks is read back whole", "[recorder]") {
    Recordable wide;
    const SlotId v = wide.slot(Shape::per_cell, 300);
    const SlotId w = wide.slot(Shape::per_synapse, 90, 110);       // 79 kB, gathered
    const SlotId large = wide.slot(Shape::per_synapse, 200, 210);  // 336 kB, written one by one
    const SlotId huge = wide.slot(Shape::per_synapse, 500, 301);   // 1.2 MB, in blocks of rows
    wide.quantity("v", "/state/v", {v, v}, true);
    wide.quantity("w", "/w", {w}, false);
    wide.quantity("large", "/large", {large}, false);
    wide.quantity("huge", "/huge", {huge}, false);
    State state(wide.program);
    TemporaryDirectory directory;
    const std::string path = directory / "run.h5";
    NamedRecorder recorder(wide.program,
                           {recording("fast", {"v", "w"}, 1, 1, 1000),
                            recording("slow", {"large", "huge"}, 40, 1, 1000)},
                           description(), path, Replacing::no);
    std::vector<double> entries(500 * 301);
    run(recorder, state, 1, 1000, [&](std::int64_t step, std::size_t phase) {
        for (std::size_t i = 0; i < entries.size(); ++i)
            entries[i] = static_cast<double>(step) + 1e-6 * static_cast<double>(i);
        std::copy_n(entries.begin(), 300, state.data(v));
        state.data(v)[299] = static_cast<double>(phase);
        state.write(w, entries.data());
        if (step % 40 != 1) return;
        state.write(large, entries.data());
        state.write(huge, entries.data());
    });
    recorder.close(1000, 0.0);
    CHECK(python_agrees(path, R"(
file = h5py.File(path)
fast, slow = file['axes/fast/step'][:], file['axes/slow/step'][:]
assert (fast == numpy.arange(1, 1001)).all() and (slow == numpy.arange(1, 1001, 40)).all()
v = file['state/v'][:]
assert v.shape == (1000, 2, 300) and (v[:, 0, 299] == 0).all() and (v[:, 1, 299] == 1).all()
assert (v[:, 0, :299] == fast[:, None] + 1e-6 * numpy.arange(299)).all()
for name, steps in ('w', fast), ('large', slow), ('huge', slow):
    d = file[name]
    expected = steps[:, None] + 1e-6 * numpy.arange(d.shape[1] * d.shape[2])
    assert (d[:].reshape(len(steps), -1) == expected).all()
    assert numpy.prod(d.chunks) * 8 <= 2**20
)"));
}

#include "sim/run_file/recorder.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <limits>

#include "circuits/text/error.hpp"
#include "sim/hdf5/dataset.hpp"
#include "tests/sim/run_file/named_recorder.hpp"
#include "tests/sim/run_file/run_file.hpp"

using namespace apical;

namespace {

using Entries = std::vector<double>;
using Extent = std::vector<std::size_t>;

// Two cells with a voltage in both phases and a rate in the first, a gate, a matrix and a loss.
struct Small : Recordable {
    SlotId v = slot(Shape::per_cell, 2);
    SlotId r = slot(Shape::per_cell, 2);
    SlotId gate = slot(Shape::scalar, 1);
    SlotId w = slot(Shape::per_synapse, 2, 3);
    SlotId loss = slot(Shape::scalar, 1);

    Small() {
        quantity("hidden.soma.v", "/state/hidden/soma/voltage", {v, v}, true, What::voltage);
        quantity("hidden.r", "/state/hidden/rate", {r, SlotId()}, true, What::rate);
        quantity("gate.open", "/gates/open", {gate, gate}, true, What::gate);
        quantity("W_rec", "/synapses/W_rec/strength", {w}, false, What::strength);
        quantity("loss", "/signals/loss", {loss}, false);
    }

    // Every number says its step, phase and place.
    void set(State& state, std::int64_t step, std::size_t phase) const {
        const double base = 100.0 * static_cast<double>(step) + 10.0 * static_cast<double>(phase);
        for (std::size_t i = 0; i < 2; ++i) {
            state.data(v)[i] = base + static_cast<double>(i);
            state.data(r)[i] = -base - static_cast<double>(i);
        }
        *state.data(gate) = static_cast<double>(phase);
        *state.data(loss) = 0.5 * base;
        Entries strengths(6);
        for (std::size_t k = 0; k < 6; ++k) strengths[k] = base + static_cast<double>(k);
        state.write(w, strengths.data());
    }
};

// A run of `steps` of the small program.
struct SmallRun : Small {
    State state{program};
    TemporaryDirectory directory;
    std::string path = directory / "run.h5";

    std::string record(const std::vector<Recording>& tables, std::int64_t steps) {
        NamedRecorder recorder(program, tables, description(), path, Replacing::yes);
        advance(recorder, 1, steps);
        recorder.close(steps, 0.25);
        return path;
    }
    void advance(Recorder& recorder, std::int64_t first, std::int64_t last) {
        run(recorder, state, first, last, [&](auto step, auto phase) { set(state, step, phase); });
    }
    DataSet read(const std::string& dataset) const { return read_dataset(path, dataset, {}); }
};

std::string message(const std::function<void()>& action, ExitCode code) {
    try {
        action();
    } catch (const Error& error) {
        CHECK(error.code() == code);
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE_METHOD(SmallRun, "a quantity by phase is stored as step, phase, cell", "[recorder]") {
    record({recording("state", {"hidden.soma.v"}, 1, 1, 2)}, 2);
    const DataSet voltage = read("/state/hidden/soma/voltage");
    CHECK(voltage.shape == Extent{2, 2, 2});
    CHECK(voltage.numbers == Entries{100, 101, 110, 111, 200, 201, 210, 211});
}

TEST_CASE_METHOD(SmallRun, "a scalar by phase is stored as step, phase", "[recorder]") {
    record({recording("gates", {"gate.open"}, 1, 1, 2)}, 2);
    CHECK(read("/gates/open").shape == Extent{2, 2});
    CHECK(read("/gates/open").numbers == Entries{0, 1, 0, 1});
}

TEST_CASE_METHOD(SmallRun, "cells that do not fire in a phase are recorded as zero", "[recorder]") {
    record({recording("rates", {"hidden.r"}, 1, 1, 2)}, 2);
    CHECK(read("/state/hidden/rate").numbers == Entries{-100, -101, 0, 0, -200, -201, 0, 0});
}

TEST_CASE_METHOD(SmallRun, "a matrix is stored row by row once a step after the last phase",
                 "[recorder]") {
    record({recording("weights", {"W_rec"}, 2, 1, 3)}, 3);
    const DataSet strength = read("/synapses/W_rec/strength");
    CHECK(strength.shape == Extent{2, 2, 3});
    CHECK(strength.numbers == Entries{110, 111, 112, 113, 114, 115, 310, 311, 312, 313, 314, 315});
}

TEST_CASE_METHOD(SmallRun, "an axis has the steps of its samples and the time of each phase's end",
                 "[recorder]") {
    record({recording("state", {"hidden.soma.v", "loss"}, 3, 2, 9)}, 9);
    CHECK(read("/axes/state/step").numbers == Entries{2, 5, 8});
    CHECK(read("/axes/state/time_ms").shape == Extent{3, 2});
    CHECK(read("/axes/state/time_ms").numbers == Entries{16, 20, 46, 50, 76, 80});
    CHECK(read("/signals/loss").numbers == Entries{105, 255, 405});
}

TEST_CASE_METHOD(SmallRun,
                 "an address that two tables choose has the union of their steps, each once",
                 "[recorder]") {
    record(
        {recording("often", {"loss"}, 2, 1, 9), recording("start", {"loss", "gate.open"}, 1, 1, 4)},
        9);
    CHECK(read("/axes/often+start/step").numbers == Entries{1, 2, 3, 4, 5, 7, 9});
    CHECK(read("/signals/loss").numbers == Entries{55, 105, 155, 205, 255, 355, 455});
    CHECK(read("/axes/start/step").numbers == Entries{1, 2, 3, 4});
    CHECK(read("/gates/open").shape == Extent{4, 2});
}

TEST_CASE_METHOD(SmallRun, "an axis without quantities by phase samples once a step",
                 "[recorder]") {
    const NamedRecorder recorder(
        program, {recording("loss", {"loss"}, 5, 3, 12), recording("all", {"gate.open"}, 1, 1, 12)},
        description(), path, Replacing::no);
    REQUIRE(recorder.axis_count() == 2);
    CHECK(recorder.samples_phases(0));  // in the order of the program's quantities
    CHECK_FALSE(recorder.samples_phases(1));
    CHECK(recorder.next_step(1, 0) == 3);
    CHECK(recorder.next_step(1, 3) == 8);
    CHECK(recorder.next_step(1, 8) == -1);
    CHECK(recorder.next_step(1, 1000) == -1);
}

TEST_CASE_METHOD(SmallRun, "a star records every quantity and the events", "[recorder]") {
    NamedRecorder recorder(program, {recording("all", {"*"}, 1, 1, 1)}, description(), path,
                           Replacing::no);
    CHECK(recorder.records_events(1));
    CHECK_FALSE(recorder.records_events(2));
    advance(recorder, 1, 1);
    recorder.close(1, 0.0);
    for (const Quantity& quantity : program.quantities)
        CHECK(read(quantity.path).shape.front() == 1);
}

TEST_CASE_METHOD(SmallRun, "events keep their time, kind and target", "[recorder]") {
    NamedRecorder recorder(program, {recording("all", {"events"}, 1, 1, 9)}, description(), path,
                           Replacing::no);
    CHECK(recorder.axis_count() == 0);
    for (int i = 0; i < 10000; ++i) recorder.event(0.5 * i, "gate opens", i % 2 ? "apical" : "");
    recorder.event(5000.0, "a kind of more than sixteen letters", std::string(60, 't'));
    recorder.close(9, 0.0);
    CHECK(python_agrees(path, R"(
events = h5py.File(path)['events']
assert events.shape == (10001,)
assert (events['time_ms'][:10000] == 0.5 * numpy.arange(10000)).all()
assert set(events['kind'][:10000]) == {b'gate opens'}
assert list(events['target'][:2]) == [b'', b'apical']
assert events['kind'][10000] == b'a kind of more t' and events['target'][10000] == 48 * b't'
)"));
}

TEST_CASE_METHOD(SmallRun, "every dataset says its units, names and axes", "[recorder]") {
    record({recording("state", {"hidden.soma.v", "W_rec"}, 1, 1, 3)}, 3);
    CHECK(python_agrees(path, R"(
file = h5py.File(path)
v, w, axes = file['state/hidden/soma/voltage'], file['synapses/W_rec/strength'], file['axes']
assert dict(v.attrs)['units'] == 'mV' and v.attrs['symbol'] == 'u'
assert v.attrs['address'] == 'hidden.soma.v' and v.attrs['long_name'] == 'the long name of hidden.soma.v'
assert [d.label for d in v.dims] == ['step', 'phase', 'cell']
assert [d.label for d in w.dims] == ['step', 'postsynaptic cell', 'presynaptic cell']
assert v.dims[0]['step'] == axes['state/step'] and v.dims[1]['phase'] == axes['phase']
n = v.dims[2]['cell']
assert n.name == '/state/hidden/soma/cell' and list(n[:]) == list(range(v.shape[2])) and n.attrs['whole'] == 1
assert file['state/hidden/soma/step'] == axes['state/step'] and file['state/hidden/soma/phase'] == axes['phase']
assert w.dims[0]['step'] == axes['state/step'] and w.dims[1]['post'].shape == (w.shape[1],) and w.dims[2]['pre'].shape == (w.shape[2],)
assert h5py.h5ds.is_scale(axes['phase'].id) and h5py.h5ds.is_scale(axes['state/step'].id)
assert axes['state/step'].dtype == 'i8'
assert list(axes['phase'].asstr()) == ['forward', 'update']
assert axes['state/time_ms'].attrs['units'] == 'ms' and axes['state/time_ms'].dims[1].label == 'phase'
)"));
}

TEST_CASE_METHOD(SmallRun, "the file says what was run, by which program, and how it ended",
                 "[recorder]") {
    RunDescription run = description();
    run.model = std::string(200000, 'm') + "\xc3\xa9";
    run.title = "";
    run.resolved = "resolved\n";
    run.task = {2, 3, Activation::linear};
    NamedRecorder recorder(program, {recording("loss", {"loss"}, 1, 1, 5)}, run, path,
                           Replacing::no);
    advance(recorder, 1, 5);
    recorder.close(5, std::numeric_limits<double>::quiet_NaN(), "", 4);
    CHECK(python_agrees(path, R"(
for options in {}, {'swmr': True}:
    with h5py.File(path, **options) as file:
        a = file.attrs
        assert a['format'] == 2 and a['seed'] == 7 and a['title'] == '' and a['steps_completed'] == 5
        assert a['model'] == 200000 * 'm' + '\u00e9' and a['resolved'] == 'resolved\n'
        assert a['program'] == 'listing\n' and a['audit'] == 'audit\n' and a['version'] == '0.1' and a['compiler'] == 'g++'
        assert numpy.isnan(a['final_loss']) and a['failure'] == b'' and a['Conventions'] == 'CF-1.10' and len(a) == 19
        assert a['inputs'] == 2 and a['outputs'] == 3 and a['readout'] == 'linear'
        assert a['loss'] == 'half mean square' and a['loss_units'] == '1' and a['final_loss_steps'] == 4
)"));
}

TEST_CASE_METHOD(SmallRun, "the recipe of the manual prints a voltage in each phase",
                 "[recorder]") {
    record({recording("state", {"hidden.soma.v"}, 1, 1, 3)}, 3);
    std::string recipe = contents(APICAL_SOURCE_DIR "/docs/run-file.md");
    recipe = recipe.substr(recipe.find("```python") + 9);
    recipe = recipe.substr(0, recipe.find("```"));
    const std::string file = "\"runs/dni_b.h5\"", dataset = "hidden/apical";
    recipe.replace(recipe.find(file), file.size(), "path");
    recipe.replace(recipe.find(dataset), dataset.size(), "hidden/soma");
    CHECK(python_agrees(path, "import io, sys\nsys.stdout = out = io.StringIO()\n" + recipe + R"(
lines = out.getvalue().splitlines()
assert lines[0] == 'forward - voltage of cell 0 in mV' and lines[4] == 'update - voltage of cell 0 in mV'
assert lines[6].split() == ['2', '210.000000'] and len(lines) == 8
)"));
}

TEST_CASE_METHOD(SmallRun, "when nothing is recorded the file has no datasets", "[recorder]") {
    record({}, 3);
    CHECK(python_agrees(
        path,
        "file = h5py.File(path)\nassert len(file) == 0 and file.attrs['steps_completed'] == 3"));
}

TEST_CASE_METHOD(
    SmallRun, "the same run makes the same bytes, whoever writes and however often it is flushed",
    "[recorder]") {
    const std::vector<Recording> tables = {recording("a", {"*"}, 1, 1, 30000),
                                           recording("b", {"loss"}, 1, 7, 9000)};
    const std::string first = contents(record(tables, 30000));
    CHECK(first.size() > 2'000'000);
    for (const Writing writing : {Writing::within_run, Writing::beside_run}) {
        for (const std::int64_t stretch : {500, 30000}) {
            NamedRecorder recorder(program, tables, description(), path, Replacing::yes, writing);
            for (std::int64_t step = 1; step <= 30000; step += stretch + step % 97) {
                advance(recorder, step,
                        std::min<std::int64_t>(30000, step + stretch - 1 + step % 97));
                recorder.flush();
            }
            recorder.close(30000, 0.25);
            CHECK(contents(path) == first);
        }
    }
}

TEST_CASE_METHOD(SmallRun, "no object of the file knows the time of day", "[recorder]") {
    record({recording("all", {"*"}, 1, 1, 3)}, 3);
    CHECK(python_agrees(path, R"(
file = h5py.File(path)
names = ['/']
file.visit(names.append)
assert not any(file[name].id.get_create_plist().get_obj_track_times() for name in names)
)"));
}

TEST_CASE_METHOD(SmallRun, "an unknown address is rejected with the nearest one", "[recorder]") {
    const auto unknown = [&] {
        NamedRecorder(program, {recording("state", {"hidden.soma.w"}, 1, 1, 3)}, description(),
                      path, Replacing::no);
    };
    const std::string found = message(unknown, ExitCode::bad_model);
    CHECK(found.starts_with("dni.toml:9:4: \"hidden.soma.w\""));
    CHECK(found.ends_with("Did you mean \"hidden.soma.v\"?"));
    CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE_METHOD(SmallRun, "a table may not have the name of the axis of phases", "[recorder]") {
    const auto phase = [&] {
        NamedRecorder(program, {recording("phase", {"loss"}, 1, 1, 3)}, description(), path,
                      Replacing::no);
    };
    CHECK(message(phase, ExitCode::bad_model).starts_with("dni.toml:9:4: "));
}

TEST_CASE_METHOD(SmallRun, "rows that were flushed can be read while the run goes on",
                 "[recorder]") {
    NamedRecorder recorder(program, {recording("all", {"*"}, 1, 1, 100)}, description(), path,
                           Replacing::no);
    advance(recorder, 1, 40);
    recorder.flush();
    CHECK(read("/axes/all/step").numbers.size() == 40);
    CHECK(read("/state/hidden/soma/voltage").numbers.back() == 4011);
    CHECK(read("/synapses/W_rec/strength").numbers.back() == 4015);
    CHECK(read("/axes/all/time_ms").numbers.back() == 400);
}

TEST_CASE_METHOD(SmallRun, "a recorder that is not closed keeps its rows and says so",
                 "[recorder]") {
    {
        NamedRecorder recorder(program, {recording("all", {"loss"}, 1, 1, 100)}, description(),
                               path, Replacing::no);
        advance(recorder, 1, 40);
    }
    CHECK(read("/signals/loss").numbers.size() == 40);
    CHECK(python_agrees(path, "assert h5py.File(path).attrs['steps_completed'] == -1"));
}

// Spikes as a table and as a spike file of SONATA, held to what h5py finds in the run file.
#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

constexpr const char* spiking = R"(format = 1
phase = [{ name = "before", ms = 0.5 }, { name = "step", ms = 2.0 }]
population.input = { role = "input", size = 9, fires = { by = "poisson", rate_hz = 60.0 } }
population.rec = { size = 12, tau_ms = { soma = 20.0 }, impulse = ["soma"], spikes = { threshold = 1.0, reset = 0.0 } }
population.silent = { size = 3, tau_ms = { soma = 20.0 }, impulse = ["soma"], spikes = { threshold = 1.0, reset = 0.0 } }
synapses.W = { from = "input", to = "rec.soma", during = "step", init = { uniform = [0.0, 0.4] } }
synapses.N = { from = "input", to = "silent.soma", during = "step", init = { constant = -1.0 } }
run = { steps = 200, seed = 1 }
record.all = { what = ["*.spikes", "rec.soma.v", "W"] }
)";

struct SpikingRun {
    TemporaryFolder folder;

    SpikingRun() {
        folder.write("model.toml", spiking);
        const Outcome outcome = apical_in(folder, {"run", "model.toml", "-q", "-o", "run.h5"});
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
    }
    Outcome exported(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"export", "run.h5"});
        return apical_in(folder, arguments);
    }
    void refuses(const std::vector<std::string>& arguments, int code,
                 const std::string& phrase) const {
        const Outcome outcome = exported(arguments);
        CHECK(outcome.code == code);
        CHECK(outcome.out.empty());
        CHECK_THAT(outcome.err, Catch::Contains(phrase));
    }
    void obeys(const std::string& to) const {
        const Outcome outcome = Running(folder, {"/usr/bin/python3",
                                                 std::string(APICAL_SOURCE_DIR) +
                                                     "/tests/sim/show/export/check_sonata.py",
                                                 folder / to, folder / "run.h5"})
                                    .wait();
        INFO(outcome.err);
        CHECK(outcome.code == 0);
    }
};

// What a table is to have: of `populations` in this order, steps a to b, cells below `end`.
const char* const expected_rows = R"(
import csv, h5py
run = h5py.File(argv[1], 'r')
populations, a, b, low, high = argv[2].split(','), int(argv[3]), int(argv[4]), int(argv[5]), int(argv[6])
rows = []
for place, name in enumerate(populations):
    s = run['spikes/' + name]
    for k, t, i in zip(s['step'][:].tolist(), s['timestamps'][:].tolist(), s['node_ids'][:].tolist()):
        if a <= k <= b and low <= i < high: rows.append((t, place, i, k, name))
found = list(csv.reader(open(argv[7])))
assert found[0] == ['step', 'time_ms', 'population', 'cell']
assert [(float(t), populations.index(n), int(i), int(k), n) for k, t, n, i in found[1:]] == sorted(rows)
print(len(rows))
)";

}  // namespace

TEST_CASE("a table of spikes has a row for each, those of several populations by time",
          "[export][spikes]") {
    const SpikingRun run;
    const auto table = [&](const std::string& file, const std::string& populations, int first,
                           int last, int low, int high) {
        return std::stoi(
            python(expected_rows,
                   {run.folder / "run.h5", populations, std::to_string(first), std::to_string(last),
                    std::to_string(low), std::to_string(high), run.folder / file}));
    };
    const Outcome all = run.exported({"--csv", "all.csv", "--what", "rec.spikes", "input.spikes"});
    CHECK(all.err.empty());
    const int rows = table("all.csv", "rec,input", 0, 1000, 0, 100);
    REQUIRE(rows > 200);
    CHECK(all.out == fmt::format("csv      all.csv: {} rows\n", rows));
    REQUIRE(run.exported({"--csv", "some.csv", "--what", "/spikes/input", "--steps", "20:120",
                          "--cells", "2:5"})
                .code == 0);
    const int some = table("some.csv", "input", 20, 120, 2, 5);
    CHECK(some > 10);
    CHECK(some < rows);
    CHECK(run.exported({"--csv", "-", "--what", "silent.spikes"}).out ==
          "step,time_ms,population,cell\n");
}

TEST_CASE("a table of spikes has nothing else, and says so", "[export][spikes]") {
    const SpikingRun run;
    run.refuses({"--csv", "-", "--what", "rec.spikes", "rec.soma.v"}, 2,
                "\"rec.spikes\" is a table of its own, with a row for each spike; expected no "
                "\"rec.soma.v\" beside it");
    run.refuses({"--csv", "-", "--what", "rec.spikes", "rec.soma.w"}, 65,
                "Did you mean \"rec.soma.v\"?");
    run.refuses({"--csv", "-", "--what", "rek.spikes"}, 65, "Did you mean \"rec.spikes\"?");
    run.refuses({"--csv", "-", "--what", "rec.spikes", "--cells", "12:14"}, 2,
                "--cells 12:14: \"rec\" has the cells 0 to 11");
    run.refuses({"--csv", "-", "--what", "rec.spikes", "--steps", "1:201"}, 2,
                "ends with step 200");
}

TEST_CASE("a SONATA export has the recorded spikes in a file of their own", "[export][spikes]") {
    const SpikingRun run;
    const Outcome all = run.exported({"--sonata", "all"});
    CHECK(all.err.empty());
    REQUIRE(all.code == 0);
    run.obeys("all");
    CHECK_THAT(all.out, Catch::Contains("left out cells that did not fire in these steps: "
                                        "silent.spikes\n"));
    CHECK(python("import h5py\nprint(*h5py.File(argv[1])['spikes'])",
                 {run.folder / "all/reports/spikes.h5"}) == "input rec\n");
    REQUIRE(run.exported({"--sonata", "some", "--what", "rec.spikes", "--steps", "20:120"}).code ==
            0);
    run.obeys("some");
    const char* const window = R"(
import h5py, json
s = h5py.File(argv[1])['spikes/rec']
k = s['step'][:]
t = s['timestamps'][:][(k >= 20) & (k <= 120)].tolist()
assert h5py.File(argv[2] + '/reports/spikes.h5')['spikes/rec/timestamps'][:].tolist() == t
assert json.load(open(argv[2] + '/simulation_config.json'))['reports'] == {}
)";
    python(window, {run.folder / "run.h5", run.folder / "some"});
}

TEST_CASE("a SONATA export of silent cells alone is refused", "[export][spikes]") {
    const SpikingRun run;
    run.refuses({"--sonata", "none", "--what", "silent.spikes"}, 2,
                "silent.spikes has no spike in these steps");
    run.refuses({"--sonata", "none", "--what", "silent.spikes", "rec.soma.v", "--steps", "300"}, 2,
                "ends with step 200");
    CHECK_FALSE(std::filesystem::exists(run.folder / "none"));
}

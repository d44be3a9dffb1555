// `apical export --sonata`
#include "tests/sim/show/inspect/recorded_run.hpp"

using namespace apical;

namespace {

const std::string checker =
    std::string(APICAL_SOURCE_DIR) + "/tests/sim/show/export/check_sonata.py";

// What the checker says: how many reports, populations and synapse sets there are.
std::string checked(const std::string& folder, const std::string& run) {
    const TemporaryFolder other;
    const Outcome outcome = Running(other, {"/usr/bin/python3", checker, folder, run}).wait();
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    return outcome.out;
}

}  // namespace

TEST_CASE("an exported folder obeys the rules of SONATA, and its numbers are the run file's",
          "[export]") {
    const std::string run = RecordedRun::get().path();
    const TemporaryFolder folder;
    const Outcome outcome = apical_in(folder, {"export", run, "--sonata", "out"});
    CHECK(outcome.err.empty());
    REQUIRE(outcome.code == 0);
    // hidden.r, hidden.apical.v and output.r in two phases, previous(hidden.r), W_out and J; and
    // the last strengths of the eight other sets.
    CHECK(checked(folder / "out", run) == "17 6 10\n");
    CHECK_THAT(outcome.out,
               Catch::StartsWith("sonata   out: 17 reports, 6 populations, 10 synapse sets\n") &&
                   Catch::Contains("not of cells or strengths (--csv can): gate.disinhibition, "
                                   "loss\n"));
}

TEST_CASE("the longest even stretch of an uneven axis is exported, and the rest named",
          "[export]") {
    const std::string run = RecordedRun::get().path();
    const TemporaryFolder folder;
    // Steps 1 to 10, then 11 (later counts from 1), 21, ... 51: eleven in a row; and the last, 60.
    const Outcome longest =
        apical_in(folder, {"export", run, "--sonata", "a", "--what", "output.r"});
    REQUIRE(longest.code == 0);
    CHECK_THAT(longest.out,
               Catch::Contains("frames   11 of start+later: steps 1 to 11, every 1\n") &&
                   Catch::Contains("left out 5 other rows of start+later"));
    CHECK(checked(folder / "a", run) == "2 6 10\n");
    const Outcome named = apical_in(
        folder, {"export", run, "--sonata", "b", "--what", "output.r", "J", "--steps", "11:51"});
    REQUIRE(named.code == 0);
    CHECK_THAT(named.out,
               Catch::Contains("frames   5 of start+later: steps 11 to 51, every 10\n") &&
                   !Catch::Contains("other rows"));
    CHECK(checked(folder / "b", run) == "3 6 10\n");
}

TEST_CASE("a set stored by rows is exported with one edge for each of its synapses", "[export]") {
    const TemporaryFolder folder;
    folder.write("few.toml", R"(
format = 1
phase = [{ name = "forward", ms = 1.0 }]
population.input.role = "input"
population.label.role = "label"
population.hidden = { size = 16, activation = "tanh" }
population.output.role = "output"
synapses.W = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, connect = { in_degree = 2 }, init = { normal = 1.0 } }
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 1.0 } }
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = 1.0 } }
task = { kind = "add", lags = [3, 5], hold = 2 }
record.all.what = ["W", "W_out", "hidden.r"]
run = { steps = 5, seed = 1 }
)");
    REQUIRE(apical_in(folder, {"run", "few.toml", "-q", "-o", "few.h5"}).code == 0);
    REQUIRE(apical_in(folder, {"export", "few.h5", "--sonata", "out"}).code == 0);
    // hidden.r in one phase, and the strengths of all three sets. 32 synapses of 256 pairs.
    CHECK(checked(folder / "out", folder / "few.h5") == "4 4 3\n");
    python("import h5py\nassert len(h5py.File(argv[1])['edges/W/source_node_id']) == 32",
           {folder / "out/network/edges.h5"});
}

TEST_CASE("an export of one step has one frame", "[export]") {
    const std::string run = RecordedRun::get().path();
    const TemporaryFolder folder;
    const Outcome outcome =
        apical_in(folder, {"export", run, "--sonata", "a", "--what", "hidden.r", "--steps", "7"});
    CHECK_THAT(outcome.out, Catch::Contains("frames   1 of all: steps 7 to 7, every 1\n"));
    CHECK(checked(folder / "a", run) == "2 6 10\n");
}

TEST_CASE("the same export writes the same bytes", "[export]") {
    const std::string run = RecordedRun::get().path();
    const TemporaryFolder folder;
    for (const char* to : {"a", "b"})
        REQUIRE(apical_in(folder, {"export", run, "--sonata", to}).code == 0);
    std::size_t files = 0;
    for (const auto& one : std::filesystem::recursive_directory_iterator(folder / "a")) {
        if (!one.is_regular_file()) continue;
        const auto name = std::filesystem::relative(one.path(), folder / "a").string();
        INFO(name);
        CHECK(content_of(one.path()) == content_of(folder / ("b/" + name)));
        ++files;
    }
    CHECK(files == 17 + 4 + 3);
}

TEST_CASE("an export does not overwrite, and says why it cannot write", "[export]") {
    const std::string run = RecordedRun::get().path();
    const TemporaryFolder folder;
    const auto fails = [&](std::vector<std::string> arguments, int code, const std::string& why) {
        arguments.insert(arguments.begin(), {"export", run});
        const Outcome outcome = apical_in(folder, arguments);
        CHECK(outcome.code == code);
        CHECK_THAT(outcome.err, Catch::StartsWith("apical: ") && Catch::Contains(why));
    };
    std::filesystem::create_directory(folder / "full");
    folder.write("full/mine", "precious");
    fails({"--sonata", "full"}, 73, "\"full\" is not empty; use --force");
    CHECK(std::distance(std::filesystem::directory_iterator(folder / "full"), {}) == 1);
    fails({"--sonata", "full/mine"}, 73, "it is not a directory");
    fails({"--sonata", "full/mine/x"}, 73, "full/mine/x");
    fails({"--sonata", "x", "--what", "loss"}, 2, "\"loss\" is not of cells or strengths");
    fails({"--sonata", "x", "--what", "hiden.r"}, 65, "Did you mean \"hidden.r\"?");
    fails({"--sonata", "x", "--steps", "100:200"}, 2, "ends with step 60");
    fails({"--sonata", "x", "--steps", "9:8"}, 2, "--steps 9:8: expected a range of steps");
    fails({}, 2, "expected --sonata DIR, --csv FILE or --hdf5 FILE");
    CHECK_FALSE(std::filesystem::exists(folder / "x"));
    REQUIRE(apical_in(folder, {"export", run, "--sonata", "full", "--force"}).code == 0);
    CHECK(content_of(folder / "full/mine") == "precious");
}

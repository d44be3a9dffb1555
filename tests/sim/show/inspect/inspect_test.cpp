// `apical inspect`: what it prints is what h5py reads.
#include <sys/resource.h>

#include <csignal>
#include <regex>
#include <set>
#include <sstream>

#include "tests/sim/show/inspect/recorded_run.hpp"

using namespace apical;

namespace {

Outcome inspect(const std::vector<std::string>& arguments) {
    std::vector<std::string> all{"inspect", RecordedRun::get().path()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return apical_with(all);
}

// What Python says of a text in JSON, `j`, and of the run file, `f`.
std::string holds(const std::string& json, const std::string& expression) {
    const TemporaryFolder folder;
    return python(
        "import h5py, json\nj = json.load(open(argv[1]))\n"
        "f = h5py.File(argv[2], 'r', swmr=True)\nprint(" +
            expression + ")",
        {folder.write("j", json), RecordedRun::get().path()});
}

}  // namespace

TEST_CASE("inspect --json lists what h5py finds", "[inspect]") {
    const Outcome outcome = inspect({"--json"});
    REQUIRE(outcome.code == 0);
    CHECK(outcome.err.empty());
    CHECK(holds(outcome.out,
                "all(list(f[q['path']].shape) == q['shape'] and "
                "f[q['path']].attrs['address'] == q['address'] and "
                "f[q['path']].attrs['units'] == q['units'] and "
                "(f[q['path']].dims[1].label == 'phase') == q['by_phase'] "
                "if len(q['shape']) > 1 else True for q in j['quantities'])") == "True\n");
    CHECK(holds(outcome.out, "sorted(q['address'] for q in j['quantities'])") ==
          "['A_1', 'A_r', 'A_y', 'B_fb', 'J', 'W_in', 'W_out', 'W_rec', 'b', 'b_out', "
          "'gate.disinhibition', 'hidden.apical.v', 'hidden.r', 'loss', "
          "'output.r', 'previous(hidden.r)']\n");
    CHECK(holds(outcome.out,
                "all(f['axes'][a['name']]['step'].shape == (a['rows'],) and "
                "f['axes'][a['name']]['step'][-1] == a['last'] for a in j['axes'])") == "True\n");
    CHECK(holds(outcome.out,
                "len(f['events']) == j['events'], j['steps_completed'], j['seed'], "
                "j['phases']") == "True 60 1 ['forward', 'update']\n");
    CHECK(holds(outcome.out, "abs(j['loss'] - f['signals/loss'][-6:].mean()) < 1e-14") == "True\n");
}

TEST_CASE("inspect prints title, steps, loss and every quantity with its shape", "[inspect]") {
    const Outcome outcome = inspect({});
    CHECK_THAT(outcome.out,
               Catch::StartsWith("model    DNI(b)") && Catch::Contains("\nsteps    60\n") &&
                   Catch::Contains("mean of the last 6 steps\n") &&
                   Catch::Contains("forward 0 to 6 ms, update 6 to 10 ms") &&
                   Catch::Contains("61 x 2 x 32") && Catch::Contains("/synapses/W_out/strength"));
}

TEST_CASE("inspect --at shows the numbers of h5py, phase by phase", "[inspect]") {
    const Outcome outcome = inspect({"--at", "31", "--cells", "2:5", "--json"});
    REQUIRE(outcome.code == 0);
    CHECK(holds(outcome.out,
                "all((f['state/hidden/rate'][31, p, 2:5] == j['phases'][p]['numbers']['hidden.r'])"
                ".all() and (f['state/hidden/apical/voltage'][31, p, 2:5] == "
                "j['phases'][p]['numbers']['hidden.apical.v']).all() and "
                "f['gates/disinhibition'][31, p] == "
                "j['phases'][p]['numbers']['gate.disinhibition'][0] for p in (0, 1))") == "True\n");
    CHECK(holds(outcome.out,
                "j['once_a_step']['loss'] == [f['signals/loss'][31]], "
                "(f['state/hidden/previous_rate'][31, 2:5] == "
                "j['once_a_step']['previous(hidden.r)']).all()") == "True True\n");
    // output.r was sampled in step 31 as well, for which its row is another.
    CHECK(holds(outcome.out,
                "(f['state/output/rate'][:][list(f['axes/start+later/step']).index(31), 0, 2:5] == "
                "j['phases'][0]['numbers']['output.r']).all()") == "True\n");
    CHECK(
        holds(outcome.out,
              "[(abs(c['largest']) == abs(d).max(), d[c['post'], c['pre']] == c['largest'], "
              "c['since_step']) for c in j['changes'] if c['address'] == 'W_out' "
              "for d in [f['synapses/W_out/strength'][31] - f['synapses/W_out/strength'][30]]]") ==
        "[(True, True, 30)]\n");
    CHECK_THAT(inspect({"--at", "31"}).out,
               Catch::Contains("hidden by apical (disinhibition)") &&
                   Catch::Contains("gates            disinhibition open"));
}

TEST_CASE("inspect --at 0 shows what there was before the first step", "[inspect]") {
    const Outcome outcome = inspect({"--at", "0", "--json"});
    REQUIRE(outcome.code == 0);
    CHECK(holds(outcome.out,
                "(f['state/hidden/rate'][0, 0, :8] == "
                "j['phases'][0]['numbers']['hidden.r']).all(), j['changes']") == "True []\n");
    CHECK(holds(outcome.out, "j['before_first_step'], 'driving' in j['phases'][0]") ==
          "True False\n");
    const std::string text = inspect({"--at", "0"}).out;
    CHECK_THAT(text, Catch::StartsWith("step 0: what there was before the first step\n\n  "));
    // No phase had begun, no gate had moved, nothing had fired, and what had no number is left out.
    for (const char* word : {"forward", "update", "gates", "firing", "once a step", "nan"})
        CHECK_THAT(text, !Catch::Contains(word));
    const std::size_t rate = text.find("\n  hidden.r ");
    REQUIRE(rate != std::string::npos);
    CHECK(text.find("\n  hidden.r ", rate + 1) == std::string::npos);
    CHECK(holds(inspect({"--at", "1", "--json"}).out,
                "[c['since_step'] for c in j['changes'] if c['address'] == 'W_out']") == "[0]\n");
}

TEST_CASE("inspect --at of a step that was not sampled names the nearest", "[inspect]") {
    CHECK_THAT(
        inspect({"--at", "61"}).err,
        Catch::Contains("no state was sampled in step 61; the nearest are step 60 before it"));
    CHECK(inspect({"--at", "61"}).code == 2);
    CHECK(inspect({"--at", "-1"}).code == 2);
    CHECK(inspect({"--at", "x"}).code == 2);
    const TemporaryFolder folder;
    REQUIRE(apical_in(folder,
                      {"run", path_of_shipped("rflo"), "-q", "--steps", "40", "-o", "r.h5", "--set",
                       "record={ a = { what = \"hidden.r\", every = 10 }, "
                       "b = { what = \"loss\" } }"})
                .code == 0);
    // A step is not one in which there is a state because the loss was sampled in it.
    const Outcome outcome = apical_in(folder, {"inspect", "r.h5", "--at", "25"});
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.err, Catch::Contains("step 21 before it and step 31 after it"));
    CHECK_THAT(apical_in(folder, {"inspect", "r.h5", "--at", "31"}).out,
               Catch::Contains("\nonce a step\n  loss "));
}

TEST_CASE("inspect --at shows the loss of any step where nothing else was recorded", "[inspect]") {
    const TemporaryFolder folder;
    REQUIRE(apical_in(folder, {"run", path_of_shipped("rflo"), "-q", "--steps", "40", "-o", "r.h5",
                               "--set", "record={ b = { what = \"loss\" } }"})
                .code == 0);
    CHECK_THAT(apical_in(folder, {"inspect", "r.h5", "--at", "25"}).out,
               Catch::Contains("\nonce a step\n  loss "));
}

TEST_CASE("inspect --at shows the first entry of a matrix that became no number", "[inspect]") {
    const TemporaryFolder folder;
    std::filesystem::copy_file(RecordedRun::get().path(), folder / "r.h5");
    python(R"(
import h5py, numpy
with h5py.File(argv[1], 'r+') as f:
    w = f['synapses/W_out/strength']
    w[31, 0, 0] = 1e3
    w[31, 0, 2] = w[31, 0, 4] = numpy.nan
    w[31, 0, 5] = 2e3
)",
           {folder / "r.h5"});
    const std::string text = apical_in(folder, {"inspect", "r.h5", "--at", "31"}).out;
    const std::size_t change = text.rfind("\n  W_out ");
    REQUIRE(change != std::string::npos);
    CHECK_THAT(text.substr(change), Catch::Contains(" +nan  at (0, 2), now nan; since step 30\n"));
}

TEST_CASE("inspect takes --follow without --at and without --json", "[inspect]") {
    CHECK(inspect({"--follow", "--at", "3"}).code == 2);
    CHECK(inspect({"--follow", "--json"}).code == 2);
    CHECK(inspect({"--follow"}).code == 0);
}

TEST_CASE("inspect says what ended a run that failed, and does not follow it", "[inspect]") {
    const TemporaryFolder folder;
    const Outcome failed =
        apical_in(folder, {"run", path_of_shipped("dni_b"), "-q", "--steps=5_000", "--set",
                           "plasticity.jacobian.rate=1e6", "--set",
                           "record={ loss = { what = \"loss\" } }", "-o", "r.h5"});
    REQUIRE(failed.code == 3);
    const std::string reason = failed.err.substr(std::string("apical: ").size());
    const Outcome outcome = apical_in(folder, {"inspect", "r.h5", "--follow"});
    CHECK(outcome.code == 0);
    const int completed = std::stoi(reason.substr(std::string("step ").size())) - 1;
    CHECK_THAT(outcome.out, Catch::Contains(fmt::format("\nsteps    {} of 5000\nfailed   {}",
                                                        completed, reason)));
    CHECK_THAT(apical_in(folder, {"inspect", "r.h5", "--json"}).out,
               Catch::Contains("\"failure\": ") && Catch::Contains("\"goes_on\": false"));
}

TEST_CASE("inspect --cells takes cells that some population has", "[inspect]") {
    const Outcome last = inspect({"--at", "5", "--cells", "31:99", "--json"});
    CHECK(holds(last.out,
                "(f['state/hidden/rate'][5, 0, 31:] == "
                "j['phases'][0]['numbers']['hidden.r']).all()") == "True\n");
    const Outcome none = inspect({"--at", "5", "--cells", "32:40"});
    CHECK(none.code == 2);
    CHECK_THAT(none.err, Catch::Contains("--cells 32:40: the largest has 32 cells"));
    CHECK(inspect({"--at", "5", "--cells", "5:5"}).code == 2);
    CHECK(inspect({"--at", "5", "--cells", "-1:5"}).code == 2);
}

namespace {

// The lines of a text, with N for each number.
std::set<std::string> kinds_of_lines(const std::string& text) {
    std::istringstream stream(std::regex_replace(text, std::regex("[0-9]+([.][0-9]+)?"), "N"));
    std::set<std::string> kinds;
    for (std::string line; std::getline(stream, line);) kinds.insert(line);
    return kinds;
}

}  // namespace

TEST_CASE("inspect --follow of a growing run ends when the run ends", "[inspect]") {
    const TemporaryFolder folder;
    Running run(
        folder,
        apical_command({"run", path_of_shipped("rflo"), "-q", "--steps", "10_000_000_000", "-o",
                        "r.h5", "--set", "record={ loss = { what = \"loss\", every = 1_000 } }"}),
        "run", "");
    const std::string path = folder / "r.h5";
    REQUIRE(comes_true([&] { return std::filesystem::exists(path); }));
    const TemporaryFolder other;
    Running follower(other, apical_command({"inspect", path, "--follow"}));
    REQUIRE(comes_true([&] {
        return content_of(other / "stdout").find("; the run goes on; loss ") != std::string::npos;
    }));
    run.interrupt();
    CHECK(run.wait().code == 130);
    const Outcome outcome = follower.wait();
    CHECK(outcome.code == 0);
    CHECK(outcome.err.empty());
    CHECK_THAT(outcome.out, Catch::Contains("; the run goes on\n"));
    const std::string last =
        outcome.out.substr(outcome.out.rfind('\n', outcome.out.size() - 2) + 1);
    const std::string steps = python(
        "import h5py\nprint(h5py.File(argv[1], 'r').attrs['steps_completed'], end='')", {path});
    CHECK_THAT(last, Catch::StartsWith(steps + " of 10000000000; loss "));
    // The page shows such lines.
    const std::string page = content_of(std::string(APICAL_SOURCE_DIR) + "/docs/inspect.md");
    const std::set<std::string> shown = kinds_of_lines(page);
    CHECK(shown.contains("rows up to step N of N; the run goes on; loss N"));
    CHECK(shown.contains("N; loss N"));
    CHECK(kinds_of_lines(outcome.out).contains("rows up to step N of N; the run goes on; loss N"));
}

TEST_CASE("a run that was killed is read up to its last row", "[inspect]") {
    const TemporaryFolder folder;
    const std::string path = folder / "r.h5", copy = folder / "copy.h5";
    {
        Running run(folder,
                    apical_command({"run", path_of_shipped("rflo"), "-q", "--steps",
                                    "10_000_000_000", "-o", "r.h5", "--set",
                                    "record={ loss = { what = \"loss\", every = 1_000 } }"}),
                    "run", "");
        REQUIRE(comes_true([&] {
            return std::filesystem::exists(path) &&
                   apical_in(folder, {"inspect", "r.h5"}).out.find(" 0 rows") == std::string::npos;
        }));
        // Nothing but its end tells the one who follows it.
        Running follower(folder, apical_command({"inspect", path, "--follow"}), "followed", "");
        REQUIRE(comes_true([&] {
            return content_of(folder / "followed").find("; the run goes on\n") != std::string::npos;
        }));
        REQUIRE(kill(run.id(), SIGKILL) == 0);
        const Outcome outcome = follower.wait();
        CHECK(outcome.code == 0);
        CHECK_THAT(outcome.out, Catch::Contains("; nothing writes it: the run was killed; loss "));
    }
    std::filesystem::copy_file(path, copy);
    const Outcome outcome = apical_in(folder, {"inspect", "copy.h5", "--json"});
    REQUIRE(outcome.code == 0);
    CHECK(python("import h5py, json\nj = json.loads(argv[1])\n"
                 "f = h5py.File(argv[2], 'r', swmr=True)\n"
                 "print(j['steps_completed'], j['last_step'] == f['axes/loss/step'][-1])",
                 {outcome.out, copy}) == "-1 True\n");
}

TEST_CASE("a file of many rows is inspected in little memory", "[inspect]") {
    const TemporaryFolder folder;
    const std::string path = folder / "long.h5";
    std::filesystem::copy_file(RecordedRun::get().path(), path);
    // 50 million losses, a gigabyte with their steps and times, of which the disk has little.
    python(R"(
import h5py, numpy
f = h5py.File(argv[1], 'r+', libver=('v110', 'v110'))
rows = 50_000_000
for name in ['signals/loss', 'axes/loss/step']:
    if name in f: del f[name]
steps = f.create_dataset('axes/long/step', (rows,), 'i8')
loss = f.create_dataset('signals/loss', (rows,), 'f8')
steps[-rows // 10:], loss[-1] = numpy.arange(rows - rows // 10 + 1, rows + 1), 5e6
f.attrs['final_loss'] = numpy.nan
steps.make_scale('step')
loss.dims[0].attach_scale(steps)
loss.attrs['address'] = 'loss'
f.create_dataset('padding', (25_000_000,), 'f8')[-1] = 1
f.close()
)",
           {path});
    CHECK(std::filesystem::file_size(path) > 999'000'000);
    rusage after{};
    const Outcome outcome = apical_in(folder, {"inspect", path});
    getrusage(RUSAGE_CHILDREN, &after);
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    // The mean of the last five million, all of which are 0 but the last.
    CHECK_THAT(outcome.out, Catch::Contains("loss     1.00000  mean of the last 5000000 steps"));
    // Memory of the largest child so far, in kB; Python's and earlier runs' are in it too. (A
    // sanitizer's shadow memory would count as well.)
    if (!is_sanitized) CHECK(after.ru_maxrss < 300'000);
}

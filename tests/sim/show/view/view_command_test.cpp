// `apical view` as a user meets it. What the page does in a browser is in page_test.py.
#include <fcntl.h>
#include <unistd.h>

#include "sim/show/view/page_data.hpp"
#include "sim/show/view/view.hpp"
#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

// A run of 300 steps with the shapes of a long one: step by step at both ends, now and then
// between.
std::vector<std::string> short_run(const std::string& file) {
    return {"run",
            path_of_shipped("dni_b"),
            "-q",
            "-o",
            file,
            "--steps",
            "300",
            "--set",
            "record.coarse.every=50",
            "--set",
            "record.end.from=291",
            "--set",
            "record.end.to=300",
            "--set",
            "diagnose.alignment=true",
            "--set",
            R"(title="</script> <b>a & b</b> {{run}}")"};
}

// Without state, gates and strengths.
std::vector<std::string> bare_run(const std::string& file) {
    std::vector<std::string> arguments{"run", path_of_shipped("rflo"), "-q", "-o", file, "--steps",
                                       "100"};
    arguments.push_back("--set");
    arguments.push_back("diagnose.change=true");
    arguments.push_back("--set");
    arguments.push_back("run.record_endpoints=false");
    arguments.push_back("--set");
    arguments.push_back(
        R"-(record.loss.what=["loss", "change(W_in)", "change(eligibility(W_in))"])-");
    for (const char* table : {"coarse", "beginning", "end"}) {
        arguments.push_back("--set");
        arguments.push_back(fmt::format("record.{}.what=\"loss\"", table));
    }
    for (const char* key : {"record.end.from=91", "record.end.to=100"}) {
        arguments.push_back("--set");
        arguments.push_back(key);
    }
    return arguments;
}

// A run with more rows than fit into a page of little room: loss in 2000 steps, a voltage in every
// other, the rest in some at both ends.
std::vector<std::string> long_run(const std::string& file) {
    std::vector<std::string> arguments{"run", path_of_shipped("dni_b"), "-q", "-o", file, "--steps",
                                       "2000"};
    for (const char* assignment :
         {R"(record.coarse.what="hidden.apical.v")", "record.coarse.every=2",
          R"(record.beginning.what=["output.r", "gate.disinhibition", "W_rec", "events"])",
          "record.beginning.to=20", "record.end.from=1951", "record.end.to=2000",
          R"(record.end.what=["hidden.apical.v", "output.r", "W_rec", "events"])"}) {
        arguments.push_back("--set");
        arguments.push_back(assignment);
    }
    return arguments;
}

// Signed cells; a set that is stored by rows, and one that is stored with all pairs.
constexpr const char* few_synapses = R"(format = 1
title  = "few"
phase = [{ name = "forward", ms = 5.0 }, { name = "update", ms = 5.0 }]
population.input.role = "input"
population.label.role = "label"
population.exc = { size = 16, activation = "rectified", sign = "excitatory", dendrites = ["feedback"] }
population.inh = { size = 8, activation = "rectified", sign = "inhibitory" }
population.output.role = "output"
population.error = { role = "error", during = "update" }
synapses.W_ee = { from = "exc", to = "exc.soma", during = "forward", delay = 1, connect = { in_degree = 2 }, init = { half_normal = 0.1 } }
synapses.W_dense = { from = "inh", to = "exc.soma", during = "forward", delay = 1, connect = { in_degree = 4 }, init = { half_normal = -0.1 } }
synapses.W_ie = { from = "exc", to = "inh.soma", during = "forward", delay = 1, init = { half_normal = 0.1 } }
synapses.W_in = { from = "input", to = "exc.soma", during = "forward", init = { normal = 1.0 } }
synapses.W_out = { from = "exc", to = "output.soma", during = "forward", init = { half_normal = 0.1 } }
synapses.B = { from = "error", to = "exc.feedback", during = "update", init = { normal = 1.0 } }
plasticity.recurrent = { rule = "eligibility", synapses = ["W_ee", "W_dense"], credit = "exc.feedback", rate = 1e-3 }
task = { kind = "add", lags = [3, 5], hold = 2 }
record.all.what = "*"
run = { steps = 20, seed = 1 }
)";

// Phases in turn, a wire, and dendrites that move the soma.
constexpr const char* phases_in_turn = R"(format = 1
title  = "turns"
phase = [{ name = "forward", ms = 2.0 }, { name = "top", ms = 1.0 }, { name = "bottom", ms = 3.0 }, { name = "update", ms = 5.0, repeat = 2 }]
group = [{ phases = ["top", "bottom"], repeat = 3 }]
population.input.role = "input"
population.label.role = "label"
population.lower = { size = 6, activation = "tanh", alpha = 0.5 }
population.upper = { size = 32, activation = "tanh", dendrites = ["basal"], coupling = { leak = 0.1, basal = 0.2 } }
synapses.W_in = { from = "input", to = "lower.soma", during = ["forward", "bottom"], init = { normal = 1.0 } }
synapses.W_up = { from = "lower", to = "upper.basal", during = ["top", "update"], init = { normal = 1.0 } }
synapses.W_down = { from = "upper", to = "lower.soma", during = "bottom", init = { normal = 1.0 } }
wire.teach = { from = "label", to = "upper.basal", during = "update" }
task = { kind = "mimic" }
record.all.what = "*"
run = { steps = 5, seed = 1 }
)";

// Makes the file of a run whose numbers were no longer finite.
constexpr const char* lose = R"(
import h5py, shutil
shutil.copy(argv[1], argv[2])
with h5py.File(argv[2], "r+") as run:
    run["signals/loss"][5] = 1e300
    run["signals/loss"][7] = -float("inf")
    run["state/hidden/apical/voltage"][9, 1, 2] = 3.5e38
    run.attrs["failure"] = "step 251: hidden.apical.v is inf"
    run.attrs["steps_completed"] = 250
)";

// Makes the file of a run that was killed.
constexpr const char* kill_run = R"(
import h5py, shutil
shutil.copy(argv[1], argv[2])
h5py.File(argv[2], "r+").attrs["steps_completed"] = -1
)";

// The page of a run file while a run's lock is on it.
void write_page_of_growing_run(const TemporaryFolder& folder) {
    const int descriptor = open((folder / "killed.h5").c_str(), O_RDWR | O_CLOEXEC);
    struct flock lock = {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    REQUIRE(fcntl(descriptor, F_OFD_SETLK, &lock) == 0);
    const StoredRun run(folder / "killed.h5");
    folder.write("growing.html", page_of(run, stored_model(run)));
    close(descriptor);
}

// What stands in the page's element of this id.
std::size_t size_of_script(const std::string& page, const std::string& id) {
    const std::size_t begin = page.find(fmt::format("id=\"{}\">", id));
    REQUIRE(begin != std::string::npos);
    return page.find("</script>", begin) - begin;
}

// The bytes of a page that leave room for so many words of numbers.
std::uint64_t bytes_for(const StoredRun& run, std::uint64_t words) {
    const std::string page = page_of(run, stored_model(run));
    return page.size() - size_of_script(page, "run") - size_of_script(page, "data") +
           room_for_table + words * 16 / 3;
}

void write_page_of_little_room(const TemporaryFolder& folder) {
    const StoredRun run(folder / "little.h5");
    folder.write("little.html", page_of(run, stored_model(run), all_cells, bytes_for(run, 15'000)));
}

void made(const Outcome& outcome) {
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
}

const TemporaryFolder& folder_with_runs() {
    static const TemporaryFolder folder;
    static const bool once = [] {
        made(apical_in(folder, short_run("run.h5")));
        made(apical_in(folder, bare_run("bare.h5")));
        return true;
    }();
    CHECK(once);
    return folder;
}

void write_pages_of_richer_circuits(const TemporaryFolder& folder) {
    folder.write("few.toml", few_synapses);
    folder.write("turns.toml", phases_in_turn);
    made(apical_in(folder, {"run", "few.toml", "-q", "-o", "few.h5"}));
    made(apical_in(folder, {"run", "turns.toml", "-q", "-o", "turns.h5"}));
    made(apical_in(folder,
                   {"run", path_of_shipped("circuits/dni_b_disinhibition"), "-q", "-o", "vip.h5",
                    "--steps", "20", "--set", "record.end.from=11", "--set", "record.end.to=20"}));
    made(apical_in(
        folder, {"run", path_of_shipped("dni_b"), "-q", "-o", "late.h5", "--steps", "20", "--set",
                 "gate.disinhibition.latency_ms=1.0", "--set", "gate.disinhibition.closed=0.1",
                 "--set", "record={ all = { what = \"*\" } }"}));
    for (const std::string name : {"few", "turns", "vip", "late"})
        made(apical_in(folder, {"view", name + ".h5", "-o", name + ".html"}));
}

// With another environment.
Outcome view_with(const std::string& variable, const std::string& output) {
    std::vector<std::string> command{"/usr/bin/env", variable};
    for (const std::string& word : apical_command({"view", "run.h5", "-o", output}))
        command.push_back(word);
    return Running(folder_with_runs(), command).wait();
}

}  // namespace

// One case for all that takes a browser: each case is a process, and a browser takes a second to
// start.
TEST_CASE(
    "pages open offline, zoom to a step, and show what the file has or say what they leave out",
    "[view]") {
    const TemporaryFolder& folder = folder_with_runs();
    made(apical_in(folder, {"view", "run.h5", "-o", "run.html"}));
    made(apical_in(folder, {"view", "bare.h5", "-o", "bare.html"}));
    made(apical_in(folder, long_run("little.h5")));
    write_page_of_little_room(folder);
    python(lose, {folder / "run.h5", folder / "lost.h5"});
    made(apical_in(folder, {"view", "lost.h5", "-o", "lost.html"}));
    python(kill_run, {folder / "bare.h5", folder / "killed.h5"});
    made(apical_in(folder, {"view", "killed.h5", "-o", "killed.html"}));
    write_page_of_growing_run(folder);
    write_pages_of_richer_circuits(folder);
    if (is_sanitized) return;  // a browser takes half a minute, and no sanitizer looks at it
    const Outcome outcome =
        Running(folder, {"/usr/bin/env", "PYTHONDONTWRITEBYTECODE=1", "/usr/bin/python3",
                         APICAL_SOURCE_DIR "/tests/sim/show/view/page_test.py", folder.path()})
            .wait();
    INFO(outcome.out << outcome.err);
    CHECK(outcome.code == 0);
    CHECK(outcome.out.empty());
}

TEST_CASE("view writes the same page each time, and names no place of the machine", "[view]") {
    const TemporaryFolder& folder = folder_with_runs();
    const Outcome first = apical_in(folder, {"view", "run.h5", "-o", "-"});
    made(first);
    CHECK(first.out == apical_in(folder, {"view", folder / "run.h5", "-o", "-"}).out);
    CHECK(first.out.find(folder.path()) == std::string::npos);
    CHECK(first.out.find(APICAL_SOURCE_DIR) == std::string::npos);
}

TEST_CASE("view takes only the cells that --cells asks for", "[view]") {
    const Outcome outcome =
        apical_in(folder_with_runs(), {"view", "run.h5", "-o", "-", "--cells", "4:6"});
    made(outcome);
    CHECK_THAT(outcome.out,
               Catch::Contains("Of up to 32 cells the page has 4 to 5; apical view --cells A:B"));
    CHECK(apical_in(folder_with_runs(), {"view", "run.h5", "-o", "-", "--cells", "x"}).code == 2);
    const Outcome refused =
        apical_in(folder_with_runs(), {"view", "run.h5", "-o", "-", "--cells", "32:50"});
    CHECK(refused.code == 2);
    CHECK_THAT(refused.err, Catch::Contains("--cells 32:50: the largest has 32 cells"));
}

TEST_CASE("what a page shows keeps to its room, with fewer points and then fewer cells", "[view]") {
    const StoredRun run(folder_with_runs() / "run.h5");
    const auto cells_in = [](const PageData& shown) {
        std::int64_t most = 0;
        for (const Value& one : std::get<Array>(shown.table.find("series")->content))
            most = std::max(
                most, std::get<std::int64_t>(std::get<Table>(one.content).find("cells")->content));
        return most;
    };
    for (const std::uint64_t room : {10'000U, 30'000U, 100'000U, 300'000U, 2'000'000U}) {
        INFO("room for " << room);
        const PageData shown = page_data_of(run, 10.0, all_cells, room);
        CHECK(shown.numbers.words() <= room);
        // All cells: 670 words in each of 65 rows, for which half of the room has to be enough.
        CHECK((cells_in(shown) == 32) == (room >= 100'000U));
    }
    // A row of each takes 3.6 thousand words, for which there is room.
    const PageData shown = page_data_of(run, 10.0, {0, 1}, 10'000);
    CHECK(std::get<Array>(shown.table.find("matrices")->content).size() == 10);
    const std::uint64_t all = page_data_of(run, 10.0, all_cells, 10'000'000).numbers.words();
    CHECK(all == page_data_of(run, 10.0, all_cells, 2 * all).numbers.words());
}

TEST_CASE("a page keeps to its size, and is refused when what cannot be thinned is larger",
          "[view]") {
    const StoredRun run(folder_with_runs() / "run.h5");
    const StoredModel model = stored_model(run);
    const std::uint64_t all = page_of(run, model).size();
    for (const std::uint64_t less : {100'000U, 200'000U, 300'000U}) {
        const std::uint64_t most = all - less;
        CHECK(page_of(run, model, all_cells, most).size() <= most);
    }
    CHECK_THROWS_WITH(page_of(run, model, all_cells, 100'000),
                      Catch::Contains("run.h5: its page would have ") &&
                          Catch::EndsWith("; a page has at most 0.1 MB"));
    python(
        "import h5py, shutil\nshutil.copy(argv[1], argv[2])\n"
        "h5py.File(argv[2], 'r+').attrs['program'] = 'x' * 21_000_000",
        {folder_with_runs() / "bare.h5", folder_with_runs() / "long_program.h5"});
    const Outcome refused =
        apical_in(folder_with_runs(), {"view", "long_program.h5", "-o", "long_program.html"});
    CHECK(refused.code == 73);
    CHECK_THAT(refused.err, Catch::Contains("the program, the audit and what every page has are "));
    CHECK_FALSE(std::filesystem::exists(folder_with_runs() / "long_program.html"));
}

TEST_CASE("view names the Debian package that is missing", "[view]") {
    const Outcome library = view_with("XDG_DATA_DIRS=/none", "library.html");
    CHECK(library.code == 69);
    CHECK_THAT(library.err, Catch::Contains("apt-get install libjs-dygraphs"));
    const Outcome graphviz = view_with("PATH=/none", "graphviz.html");
    CHECK(graphviz.code == 69);
    CHECK_THAT(graphviz.err, Catch::Contains("apt-get install graphviz"));
    for (const char* name : {"library.html", "graphviz.html"})
        CHECK_FALSE(std::filesystem::exists(folder_with_runs() / name));
}

TEST_CASE("view does not overwrite a page without --force, and says what it cannot write",
          "[view]") {
    const TemporaryFolder& folder = folder_with_runs();
    folder.write("mine.html", "mine");
    const Outcome refused = apical_in(folder, {"view", "run.h5", "-o", "mine.html"});
    CHECK(refused.code == 73);
    CHECK_THAT(refused.err, Catch::Contains("use --force"));
    CHECK(content_of(folder / "mine.html") == "mine");
    made(apical_in(folder, {"view", "run.h5", "-o", "mine.html", "--force"}));
    CHECK_THAT(content_of(folder / "mine.html"), Catch::StartsWith("<!DOCTYPE html>"));
    CHECK(apical_in(folder, {"view", "run.h5", "-o", "mine.html/page.html"}).code == 73);
    CHECK(apical_in(folder, {"view", "run.h5", "-o", folder.path(), "--force"}).code == 73);
    CHECK(apical_in(folder, {"view", "run.h5"}).code == 2);
}

TEST_CASE("view says why it cannot show a file", "[view]") {
    const TemporaryFolder& folder = folder_with_runs();
    const std::string whole = content_of(folder / "run.h5");
    folder.write("half.h5", whole.substr(0, whole.size() / 2));
    folder.write("text.h5", "no run\n");
    CHECK(apical_in(folder, {"view", "none.h5", "-o", "x.html"}).code == 66);
    for (const char* name : {"half.h5", "text.h5"}) {
        const Outcome outcome = apical_in(folder, {"view", name, "-o", "x.html"});
        CHECK(outcome.code == 65);
        CHECK_THAT(outcome.err, Catch::StartsWith(fmt::format("apical: {}: ", name)));
    }
    python("import h5py\nh5py.File(argv[1], 'w')['x'] = [1.0]", {folder / "other.h5"});
    CHECK(apical_in(folder, {"view", "other.h5", "-o", "x.html"}).code == 65);
    CHECK_FALSE(std::filesystem::exists(folder / "x.html"));
}

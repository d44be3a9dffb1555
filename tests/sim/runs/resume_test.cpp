// Runs that stopped and went on have the bytes of runs that did not.
#include "sim/run_file/stored_run.hpp"
#include "sim/runs/row_copy.hpp"
#include "sim/system/stop_request.hpp"
#include "tests/sim/command_line/program_run.hpp"
#include "tests/sim/runs/resumed_run.hpp"

using namespace apical;

namespace {

void goes_on_as_if_never_stopped(const Model& model, const TemporaryFolder& folder) {
    const std::string killed = folder / "killed.h5";
    const RunSummary whole = run_model(model);
    REQUIRE(checkpoint_steps(model.output) == std::vector<std::int64_t>{13, 26, 39, 52});
    for (const std::int64_t step : {13, 52}) {
        for (const int threads : {1, 2}) {
            if (is_sanitized && (step == 13) != (threads == 1)) continue;  // minutes
            INFO(model.path << " after " << step << " with " << threads << " threads");
            leave_killed(model.output, step, killed);
            const RunSummary summary = resumed(killed, threads);
            CHECK(content_of(killed) == content_of(model.output));
            CHECK(summary.loss == whole.loss);
            CHECK(summary.steps == 60);
            CHECK(summary.begun_after == step);
        }
    }
}

const std::string dni_b = path_of_shipped("dni_b");

const std::vector<std::string> long_run = {
    "run",         dni_b,   "--steps",
    "100_000_000", "-o",    "r.h5",
    "-q",          "--set", "record={ loss = { what = \"loss\", every = 1000 } }"};

// Whether the signal no longer ends the process: from somewhere in its beginning on.
bool takes(pid_t process, int signal) {
    std::ifstream status("/proc/" + std::to_string(process) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (!line.starts_with("SigIgn:") && !line.starts_with("SigCgt:")) continue;
        if (std::stoull(line.substr(7), nullptr, 16) >> (signal - 1) & 1) return true;
    }
    return false;
}

bool has_checkpoint(const TemporaryFolder& folder) {
    return !checkpoint_steps(folder / "r.h5").empty();
}

}  // namespace

TEST_CASE("every shipped model goes on from a checkpoint as if it had never stopped",
          "[checkpoint]") {
    for (const std::string& path : shipped_models()) {
        const TemporaryFolder folder;
        goes_on_as_if_never_stopped(saved_model(path, folder / "whole.h5"), folder);
    }
}

TEST_CASE("unfused and strict runs go on as well", "[checkpoint]") {
    for (const std::string key : {"run.fuse=false", "run.passes=[]",
                                  "run.passes=[\"eliminate_jacobians\"]", "run.strict=true"}) {
        for (const std::string name : {"dni_b", "uoro", "rflo"}) {
            const TemporaryFolder folder;
            goes_on_as_if_never_stopped(
                saved_model(path_of_shipped(name), folder / "whole.h5", {key}), folder);
        }
    }
}

TEST_CASE("what [diagnose] measures goes on", "[checkpoint][diagnose]") {
    for (const std::string name : {"rflo", "dni", "dni_b", "uoro", "bptt", "bptt_window", "rtrl"}) {
        for (const std::string exact : {"rtrl", "bptt"}) {
            const TemporaryFolder folder;
            const Model model = saved_model(
                path_of_shipped(name), folder / "whole.h5",
                {"diagnose={ alignment = true, change = true, exact = \"" + exact + "\" }"});
            goes_on_as_if_never_stopped(model, folder);
        }
    }
}

TEST_CASE("a task that remembers goes on", "[checkpoint][task]") {
    for (const std::string hold : {"1", "4"}) {
        const TemporaryFolder folder;
        const Model model = saved_model(
            path_of_shipped("rflo"), folder / "whole.h5",
            {"task={ kind = \"mimic\", inputs = 3, outputs = 2, cells = 5, hold = " + hold + " }"});
        goes_on_as_if_never_stopped(model, folder);
    }
}

TEST_CASE("tables that record in different steps go on with their rows", "[checkpoint]") {
    const TemporaryFolder folder;
    const Model model = saved_model(
        dni_b, folder / "whole.h5",
        {"record={ a = { what = [\"hidden.soma\", \"W_rec\"], every = 7 }, b = { what = \"loss\" "
         "}, "
         "c = { what = \"events\", from = 5, to = 45, every = 3 }, d = { what = \"W_rec\", from = "
         "20 } }"});
    goes_on_as_if_never_stopped(model, folder);
}

TEST_CASE("a run in ten pieces is the run in one piece", "[checkpoint]") {
    const TemporaryFolder folder;
    Model model = saved_model(dni_b, folder / "whole.h5");
    run_model(model);
    const std::string first = folder / "first.h5", pieces = folder / "pieces.h5";
    model = saved_model(dni_b, pieces, {"checkpoint.every=6"});
    run_model(model);
    leave_killed(pieces, 6, first);
    for (int piece = 1; piece < 10; ++piece) {
        resumed(first);
        REQUIRE(content_of(first) == content_of(folder / "whole.h5"));
        // Each goes on from what the last one saved, without the later ones.
        const auto steps = checkpoint_steps(first);
        for (const std::int64_t step : steps) {
            if (step != 6 * (piece + 1)) std::filesystem::remove(checkpoint_path(first, step));
        }
        REQUIRE(checkpoint_steps(first) == std::vector<std::int64_t>{6 * (piece + 1)});
    }
}

TEST_CASE("only the newest checkpoints are kept", "[checkpoint]") {
    const TemporaryFolder folder;
    run_model(saved_model(dni_b, folder / "run.h5", {"checkpoint.keep=2"}));
    CHECK(checkpoint_steps(folder / "run.h5") == std::vector<std::int64_t>{39, 52});
}

TEST_CASE("on SIGTERM a run is saved and ends with 143, on SIGINT with 130", "[checkpoint][run]") {
    for (const auto& [signal, code] : {std::pair(SIGTERM, 143), std::pair(SIGINT, 130)}) {
        const TemporaryFolder folder;
        Running running(folder, apical_command(long_run));
        REQUIRE(comes_true([&] { return std::filesystem::exists(folder / "r.h5"); }));
        REQUIRE(kill(running.id(), signal) == 0);
        const Outcome outcome = running.wait();
        CHECK(outcome.code == code);
        REQUIRE(checkpoint_steps(folder / "r.h5").size() == 1);
        CHECK_THAT(outcome.out,
                   Catch::Contains(fmt::format("steps    {} of 100000000, interrupted,",
                                               checkpoint_steps(folder / "r.h5").front())));
    }
}

TEST_CASE("on SIGUSR1 a run is saved and goes on", "[checkpoint][run]") {
    const TemporaryFolder folder;
    Running running(folder, apical_command(long_run));
    REQUIRE(comes_true([&] { return std::filesystem::exists(folder / "r.h5"); }));
    REQUIRE(kill(running.id(), SIGUSR1) == 0);
    REQUIRE(comes_true([&] { return has_checkpoint(folder); }));
    const auto before = checkpoint_steps(folder / "r.h5");
    REQUIRE(kill(running.id(), SIGUSR1) == 0);
    REQUIRE(comes_true([&] { return checkpoint_steps(folder / "r.h5").back() > before.front(); }));
    running.interrupt();
    CHECK(running.wait().code == 130);
}

TEST_CASE("a killed run goes on by `apical resume`, one that goes on does not",
          "[checkpoint][run]") {
    const TemporaryFolder folder;
    Running running(folder, apical_command(long_run));
    REQUIRE(comes_true([&] { return std::filesystem::exists(folder / "r.h5"); }));
    REQUIRE(kill(running.id(), SIGUSR1) == 0);
    REQUIRE(comes_true([&] { return has_checkpoint(folder); }));
    const Outcome refused = apical_in(folder, {"resume", "r.h5"});
    CHECK(refused.code == 73);
    CHECK_THAT(refused.err, Catch::Contains("\"r.h5\" is being written: its run goes on"));
    REQUIRE(kill(running.id(), SIGKILL) == 0);
    running.wait();
    Running again(folder, apical_command({"resume", "r.h5", "-q"}));
    REQUIRE(comes_true([&] { return takes(again.id(), SIGINT); }));
    again.interrupt();
    CHECK(again.wait().code == 130);
}

TEST_CASE("a run is not ended by SIGUSR1 before there is something to save", "[checkpoint][run]") {
    const TemporaryFolder folder;
    Running running(folder, apical_command(long_run));
    REQUIRE(comes_true([&] { return takes(running.id(), SIGUSR1); }));
    while (!std::filesystem::exists(folder / "r.h5")) REQUIRE(kill(running.id(), SIGUSR1) == 0);
    running.interrupt();
    CHECK(running.wait().code == 130);
}

TEST_CASE("a resumption that is asked to end while rows are copied leaves all as it was",
          "[checkpoint]") {
    const TemporaryFolder folder;
    const std::string path = folder / "run.h5", other = folder / "other.h5";
    run_model(saved_model(dni_b, path));
    const Model model = saved_model(dni_b, other);
    Recorder recorder(model.program, model.recordings, description_of(model), other, Replacing::no);
    const StoredRun old(path);
    StopRequest stop;
    stop.ask_to_end(SIGTERM);
    try {
        copy_rows(old, rows_of(old, recorder), recorder, stop);
        FAIL("all rows were copied");
    } catch (const Error& error) {
        CHECK(error.code() == ExitCode::terminated);
        CHECK(error.what() == "interrupted while the rows of \"" + path +
                                  "\" were copied; it is as it was, with its checkpoints");
    }
}

TEST_CASE("a run goes on that has recorded nothing yet", "[checkpoint][run]") {
    const int steps = fewer_if_sanitized(200'000);  // not yet made when the signal comes
    const std::string late =
        fmt::format("record={{ late = {{ what = \"loss\", from = {} }} }}", steps * 3 / 4);
    for (const std::string& record : {std::string("record={}"), late}) {
        INFO(record);
        const TemporaryFolder folder;
        const auto command = [&](const std::string& output) {
            return std::vector<std::string>{"run", dni_b, "--steps", std::to_string(steps),
                                            "-q",  "-o",  output,    "--set",
                                            record};
        };
        Running running(folder, apical_command(command("r.h5")));
        REQUIRE(comes_true([&] { return std::filesystem::exists(folder / "r.h5"); }));
        REQUIRE(kill(running.id(), SIGTERM) == 0);
        REQUIRE(running.wait().code == 143);
        REQUIRE(apical_in(folder, {"resume", "r.h5", "-q"}).code == 0);
        REQUIRE(apical_in(folder, command("whole.h5")).code == 0);
        CHECK(content_of(folder / "r.h5") == content_of(folder / "whole.h5"));
    }
}

TEST_CASE("a run file that a link leads to goes on where it is", "[checkpoint][run]") {
    const TemporaryFolder folder;
    const Model model = saved_model(dni_b, folder / "whole.h5");
    run_model(model);
    std::filesystem::create_directory(folder / "scratch");
    std::filesystem::create_symlink("scratch/killed.h5", folder / "link.h5");
    for (const char* command : {"resume", "recover"}) {
        INFO(command);
        leave_killed(model.output, 26, folder / "scratch/killed.h5");
        CHECK(apical_in(folder, {command, "link.h5"}).code == 0);
        CHECK(std::filesystem::is_symlink(folder / "link.h5"));
        CHECK(content_of(folder / "scratch/killed.h5") == content_of(model.output));
    }
    CHECK(apical_in(folder, {"fork", "link.h5", "--at", "26", "-o", "fork.h5", "-q"}).code == 0);
    std::filesystem::remove(folder / "scratch/killed.h5");
    const Outcome gone = apical_in(folder, {"resume", "link.h5"});
    CHECK(gone.code == 66);
    CHECK_THAT(gone.err, Catch::Contains("link.h5"));
}

TEST_CASE("of a complete run there is nothing to resume, and its file says how far it went",
          "[checkpoint][run]") {
    const TemporaryFolder folder;
    run_model(saved_model(dni_b, folder / "r.h5"));
    const Outcome outcome = apical_in(folder, {"resume", "r.h5", "--json"});
    CHECK(outcome.code == 0);
    CHECK(outcome.err == "note: r.h5 is complete\n");
    CHECK(outcome.out ==
          "{\n  \"file\": \"r.h5\",\n  \"steps\": 60,\n  \"interrupted\": false\n}\n");
    CHECK_THAT(apical_in(folder, {"fork", "r.h5", "--at", "26", "-o", "f.h5", "--json"}).out,
               Catch::Contains("\"steps\": 60,\n  \"begun_after\": 26,"));
}

// HDF5 files that a run reads, or goes on from, with damaged bytes: whatever HDF5 does with them,
// the program ends with an exit code that says what is wrong, or rightly.
#include <atomic>
#include <csignal>
#include <random>

#include "sim/command_line/reading_process.hpp"
#include "tests/sim/command_line/program_run.hpp"
#include "tests/sim/runs/resumed_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

using Random = std::mt19937_64;

void replace_file(const TemporaryFolder& folder, const std::string& name,
                  const std::string& bytes) {
    std::filesystem::remove(folder / name);
    folder.write(name, bytes);
}

// A model whose initial strengths and task are in HDF5 files, in its folder.
struct ModelWithFiles {
    TemporaryFolder folder;

    ModelWithFiles() {
        python(R"(
import h5py, numpy
with h5py.File(argv[1], 'w') as f:
    f['W'] = numpy.ones((2, 3))
    f['net/other'] = numpy.arange(5)
with h5py.File(argv[2], 'w') as f:
    f['x'] = numpy.ones((6, 3))
    f.create_dataset('y', data=numpy.ones((6, 2)), chunks=(2, 2), compression='gzip')
)",
               {folder / "init.h5", folder / "task.h5"});
        std::string text = common_lines + "population.hidden.size = 2\n" + hidden_lines;
        const auto put = [&](const std::string& found, const std::string& other) {
            REQUIRE(text.find(found) != std::string::npos);
            text.replace(text.find(found), found.size(), other);
        };
        put(R"(kind = "mimic", inputs = 3, outputs = 2, cells = 5, hold = 1)",
            R"(kind = "file", path = "task.h5", readout = "linear", repeat = true)");
        put("init = { normal = 1.0 }", R"(init = { file = "init.h5", dataset = "W" })");
        put("1_000_000", "10");
        folder.write("model.toml", text);
    }
    std::vector<std::string> command() const {
        return {"run", "model.toml", "-q", "--force", "-o", "run.h5"};
    }
};

// A run that was stopped, whose file and checkpoint lie in its folder.
struct StoppedRun {
    TemporaryFolder folder;
    std::string file, checkpoint;

    StoppedRun() {
        const Model model = saved_model(path_of_shipped("dni_b"), folder / "whole.h5",
                                        {"population.hidden.size=3", "run.steps=40"});
        run(model);
        file = content_of(folder / "whole.h5");
        checkpoint = content_of(checkpoint_path(folder / "whole.h5", 26));
    }
    // Each command changes what is there.
    void renew(const std::string& damaged) const {
        replace_file(folder, "run.h5", damaged);
        for (const std::int64_t step : checkpoint_steps(folder / "run.h5"))
            std::filesystem::remove(checkpoint_path(folder / "run.h5", step));
        folder.write("run.h5.26.checkpoint", checkpoint);
    }
};

// Cut off, zeros in a piece, or some bytes changed.
std::string damaged(std::string bytes, Random& random) {
    const auto place = [&] { return random() % bytes.size(); };
    switch (random() % 4) {
        case 0:
            bytes.resize(place());
            break;
        case 1: {
            const std::size_t begin = place();
            const std::size_t size =
                std::min<std::size_t>(1 + random() % 200, bytes.size() - begin);
            bytes.replace(begin, size, size, '\0');
            break;
        }
        default:
            for (std::size_t k = random() % 4 * (random() % 4); k < 16; k += 3)
                bytes[place()] = random() % 2 ? static_cast<char>(random()) : '\xff';
    }
    return bytes;
}

// 3 is a number that is not finite: numbers have no checksum.
int answer_of(const TemporaryFolder& folder, const std::vector<std::string>& arguments) {
    const Outcome outcome = apical_in(folder, arguments);
    INFO(fmt::format("{}", fmt::join(arguments, " "))
         << ": " << outcome.code << ' ' << outcome.err);
    const std::vector<int> documented{0, 3, 65, 66, 74};
    CHECK(std::count(documented.begin(), documented.end(), outcome.code) == 1);
    if (outcome.code > 3) CHECK_THAT(outcome.err, Catch::Contains("apical: "));
    return outcome.code;
}

template <class Try>
void try_draws(int draws, Try attempt) {
    const CrashesAreSignals environment;
    const auto seed = std::random_device()();
    INFO("seed " << seed);
    Random random(seed);
    for (int draw = 0; draw < draws; ++draw) {
        INFO("draw " << draw);
        attempt(random);
    }
}

std::string of_library(const std::string& place) {
    return place + "is damaged (the HDF5 library gave up on it)";
}

}  // namespace

TEST_CASE("what a child process crashed or looped on is damaged, and is not read here",
          "[damaged]") {
    const Where where{"model.toml", 3, 5};
    const auto said = [&](auto action) {
        return error_of([&] { try_reading(in_child_process(), where, "\"x.h5\" ", action); });
    };
    const auto ends_by = [](int signal) {
        std::signal(signal, SIG_DFL);  // the tests' own handlers would report it
        raise(signal);
    };
    const std::optional<Error> crashed = said([&] { ends_by(SIGSEGV); });
    check_error(crashed, ExitCode::bad_model, "model.toml:3:5", {of_library("\"x.h5\" ")});
    check_error(said([] { _exit(1); }), ExitCode::bad_model, "model.toml:3:5", {"gave up"});
    CHECK_FALSE(said([] {}));
    CHECK_FALSE(said([] { throw Error(ExitCode::bad_model, "is said again by the parent"); }));
    CHECK_FALSE(said([&] { ends_by(SIGTERM); }));
    CHECK(waitpid(-1, nullptr, WNOHANG) == -1);  // no child is left
    const auto loop = [] {
        for (std::atomic<bool> goes_on{true}; goes_on;) {
        }
    };
    check_error(said(loop), ExitCode::bad_model, "model.toml:3:5", {"gave up"});
}

TEST_CASE("a child process says nothing of its parent's, and does nothing at its end",
          "[damaged]") {
    const TemporaryFolder folder;
    std::ofstream file(folder / "text");
    file << "once";  // not yet written
    try_reading(in_child_process(), {}, "", [] {});
    file.close();
    CHECK(content_of(folder / "text") == "once");
}

TEST_CASE_METHOD(ModelWithFiles,
                 "a model's datasets, cut off anywhere, are answered with a message", "[damaged]") {
    const CrashesAreSignals environment;
    CHECK(answer_of(folder, command()) == 0);
    for (const char* name : {"init.h5", "task.h5"}) {
        const std::string whole = content_of(folder / name);
        for (std::size_t k = 0; k < 8; ++k) {
            INFO(name << " cut after " << k << " eighths");
            replace_file(folder, name, whole.substr(0, whole.size() * k / 8));
            CHECK(answer_of(folder, command()) == 65);
        }
        replace_file(folder, name, std::string(whole.size(), '\0'));
        CHECK(answer_of(folder, command()) == 65);
        replace_file(folder, name, whole);
    }
    CHECK(answer_of(folder, command()) == 0);
}

TEST_CASE_METHOD(ModelWithFiles, "a model's datasets with any bytes damaged end no run by a signal",
                 "[damaged]") {
    const std::string init = content_of(folder / "init.h5"), task = content_of(folder / "task.h5");
    try_draws(fewer_if_sanitized(100), [&](Random& random) {
        const bool of_task = random() % 2;
        replace_file(folder, "init.h5", of_task ? init : damaged(init, random));
        replace_file(folder, "task.h5", of_task ? damaged(task, random) : task);
        answer_of(folder, command());
    });
}

TEST_CASE_METHOD(StoppedRun, "a run file cut off anywhere is not gone on with", "[damaged]") {
    const CrashesAreSignals environment;
    for (const char* command : {"resume", "recover"}) {
        for (std::size_t k = 0; k < 8; ++k) {
            INFO("cut after " << k << " eighths");
            renew(file.substr(0, file.size() * k / 8));
            CHECK(answer_of(folder, {command, "run.h5"}) == 65);
        }
        renew(file);
        CHECK(answer_of(folder, {command, "run.h5"}) == 0);
    }
}

TEST_CASE_METHOD(StoppedRun, "a run file with any bytes damaged ends no command by a signal",
                 "[damaged]") {
    const std::vector<std::vector<std::string>> commands{
        {"resume", "run.h5", "-q"},
        {"recover", "run.h5"},
        {"fork", "run.h5", "--at", "26", "-q", "--force", "-o", "fork.h5"},
        {"inspect", "run.h5"},
        {"export", "run.h5", "--csv", "-", "--what", "hidden.r", "loss"}};
    try_draws(fewer_if_sanitized(100), [&](Random& random) {
        renew(damaged(file, random));
        answer_of(folder, commands[random() % commands.size()]);
    });
}

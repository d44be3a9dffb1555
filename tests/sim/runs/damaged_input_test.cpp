// HDF5 files that a run reads, or goes on from, with damaged bytes: whatever HDF5 does with them,
// the program ends with an exit code that says what is wrong, or rightly.
#include <sys/stat.h>

#include <atomic>
#include <csignal>
#include <random>

#include "sim/command_line/reading_process.hpp"
#include "sim/command_line/readings.hpp"
#include "sim/hdf5/dataset.hpp"
#include "sim/hdf5/hdf5_status.hpp"
#include "sim/runs/plain_copy.hpp"
#include "sim/runs/resume.hpp"
#include "sim/runs/row_copy.hpp"
#include "tests/sim/command_line/killed_child.hpp"
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
        run_model(model);
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
    const TemporaryFolder folder;
    // In place of the program that reads there is a script.
    const auto said = [&](const std::string& script) {
        folder.write("script", "#!/bin/sh\n" + script + "\n");
        REQUIRE(chmod((folder / "script").c_str(), 0700) == 0);
        const ReadingTrial trial = in_child_process(folder / "script");
        return error_of([&] {
            try_reading(trial, dataset_reading, {"x.h5", "x"}, where, "\"x.h5\" ");
        });
    };
    for (const char* one : {"kill -SEGV $$", "kill -BUS $$", "kill -PROF $$", "exit 1"}) {
        INFO(one);
        check_error(said(one), ExitCode::bad_model, "model.toml:3:5", {of_library("\"x.h5\" ")});
    }
    check_error(said("kill -ALRM $$"), ExitCode::bad_model, "model.toml:3:5",
                {"\"x.h5\" was not read in time"});
    CHECK_FALSE(said("exit 0"));
    CHECK_FALSE(said("kill -TERM $$"));
    CHECK_FALSE(
        said(fmt::format("test $2 = {} && test \"$1 $3 $4 $5 $#\" = "
                         "'--try-reading dataset x.h5 x 5'",
                         getpid())));
    CHECK(waitpid(-1, nullptr, WNOHANG) == -1);  // no child is left
    std::filesystem::remove(folder / "script");
    CHECK_NOTHROW(
        try_reading(in_child_process(folder / "script"), dataset_reading, {"x.h5", "x"}, where));
}

TEST_CASE("a child process that reads ends after three seconds of the processor", "[damaged]") {
    const pid_t child = fork();
    if (child == 0) {
        std::vector<std::string> words{"apical", "--continue-reading", std::to_string(getppid()),
                                       "inspect", "x.h5"};
        std::vector<char*> given;
        for (std::string& word : words) given.push_back(word.data());
        auto count = static_cast<int>(given.size());
        char** arguments = given.data();
        begin_reading_process(count, arguments);
        const bool as_parent = count == 3 && arguments[0] == words[0] && arguments[1] == words[3] &&
                               arguments[2] == words[4];
        for (std::atomic<bool> goes_on{as_parent}; goes_on;) {
        }
        _exit(1);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF));
}

TEST_CASE("the program knows every way to read for its parent, and reads for no other process",
          "[damaged]") {
    for (const Reading* one : {&dataset_reading, &marked_file_reading, &completed_steps_reading,
                               &resolved_reading, &recovered_reading, &rows_reading})
        CHECK(find_reading(one->name) == one);
    CHECK(find_reading("other") == nullptr);
    const TemporaryFolder folder;
    const std::string parent = std::to_string(getpid());
    const auto tried = [&](const std::string& of, const std::string& name) {
        return apical_in(folder, {"--try-reading", of, name, "none.h5", "x"});
    };
    CHECK(tried(parent, "dataset").code == 0);
    CHECK(tried(parent, "other").code == 1);
    const Outcome other = tried("1", "other");
    CHECK(other.code == 0);
    CHECK((other.out.empty() && other.err.empty()));
    CHECK(apical_in(folder, {"--try-reading"}).code == 2);
}

TEST_CASE("a child process says nothing of its parent's, and does nothing at its end",
          "[damaged]") {
    const TemporaryFolder folder;
    std::ofstream file(folder / "text");
    file << "once";  // not yet written
    try_reading(in_child_process(tested_program), dataset_reading, {folder / "none.h5", "x"}, {});
    file.close();
    CHECK(content_of(folder / "text") == "once");
}

TEST_CASE_METHOD(ModelWithFiles, "a crash of the library on a model's dataset is a message",
                 "[damaged]") {
    const CrashesAreSignals signals;
    const Outcome outcome = outcome_after_kill(folder, command(), SIGSEGV);
    CHECK(outcome.code == 65);
    CHECK_THAT(outcome.err, Catch::StartsWith("apical: model.toml:") &&
                                Catch::EndsWith(of_library(".h5\" ") + "\n"));
    CHECK(outcome.out.empty());
}

TEST_CASE_METHOD(StoppedRun, "a crash of the library on a run file is a message", "[damaged]") {
    const CrashesAreSignals signals;
    const std::vector<std::vector<std::string>> commands{
        {"resume", "run.h5", "-q"},
        {"recover", "run.h5"},
        {"fork", "run.h5", "--at", "26", "-q", "--force", "-o", "fork.h5"}};
    for (const auto& arguments : commands) {
        INFO(arguments[0]);
        renew(file);
        const Outcome outcome = outcome_after_kill(folder, arguments, SIGSEGV);
        CHECK(outcome.code == 65);
        CHECK(outcome.err == "apical: " + of_library("run.h5: ") + "\n");
        CHECK(outcome.out.empty());
    }
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

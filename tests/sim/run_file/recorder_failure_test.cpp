#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "circuits/text/error.hpp"
#include "sim/hdf5/dataset.hpp"
#include "sim/run_file/stored_run.hpp"
#include "tests/sim/run_file/named_recorder.hpp"
#include "tests/sim/run_file/run_file.hpp"

using namespace apical;

namespace {

// A voltage, a matrix and a loss, each number made of its step and place.
struct Running : Recordable {
    SlotId v = slot(Shape::per_cell, 50);
    SlotId w = slot(Shape::per_synapse, 20, 20);
    SlotId loss = slot(Shape::scalar, 1);
    TemporaryDirectory directory;
    std::string path = directory / "run.h5";
    std::vector<Recording> tables = {recording("fast", {"v", "loss"}, 1, 1, 5000),
                                     recording("slow", {"w"}, 7, 1, 5000)};

    Running() {
        quantity("v", "/state/v", {v, v}, true);
        quantity("w", "/w", {w}, false);
        quantity("loss", "/loss", {loss}, false);
    }

    // Tells after every 50 steps how many rows were flushed.
    template <class Acknowledge>
    void advance(Recorder& recorder, Acknowledge acknowledge) const {
        State state(program);
        std::vector<double> numbers(400);
        for (std::int64_t end = 50; end <= 5000; end += 50) {
            run(recorder, state, end - 49, end, [&](std::int64_t step, std::size_t phase) {
                for (std::size_t i = 0; i < 400; ++i) {
                    numbers[i] = static_cast<double>(step) + 1e-3 * static_cast<double>(i);
                }
                std::copy_n(numbers.begin(), 50, state.data(v));
                state.data(v)[49] = static_cast<double>(phase);
                state.write(w, numbers.data());
                *state.data(loss) = 2.0 * static_cast<double>(step);
            });
            recorder.flush();
            acknowledge(end);
        }
    }
};

constexpr const char* check_rows = R"(
def check(name, acknowledged):
    with h5py.File(name, swmr=True) as file:
        for axis, every in ('fast', 1), ('slow', 7):
            steps = file[f'axes/{axis}/step'][:]
            assert (steps == 1 + every * numpy.arange(len(steps))).all()
            assert len(steps) >= (acknowledged - 1) // every + 1 if acknowledged else True
            n = len(steps)
            if axis == 'fast':
                v = file['state/v'][:n]
                assert (v[:, 0, :49] == steps[:, None] + 1e-3 * numpy.arange(49)).all()
                assert (v[:, 0, 49] == 0).all() and (v[:, 1, 49] == 1).all()
                assert (file['loss'][:n] == 2 * steps).all()
            else:
                w = file['w'][:n].reshape(n, 400)
                assert (w == steps[:, None] + 1e-3 * numpy.arange(400)).all()
)";

// Runs `action` in a process of its own, at most 60 s long, that takes signals as `main` does.
// Returns the status of `wait`.
template <class Action>
int in_child(Action action) {
    std::cout.flush();
    const pid_t child = fork();
    if (child == 0) {
        alarm(60);
        std::signal(SIGXFSZ, SIG_IGN);
        std::exit(action());
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

// 0 when all goes as it should with a file that cannot grow beyond `limit`.
int record_up_to(const Running& running, const std::string& path, rlim_t limit, Writing writing) {
    auto recorder = std::make_unique<NamedRecorder>(running.program, running.tables, description(),
                                                    path, Replacing::no, writing);
    const rlimit largest{limit, limit};
    setrlimit(RLIMIT_FSIZE, &largest);
    const auto fails = [&](auto action) {
        try {
            action();
        } catch (const Error& error) {
            const std::string sentence = error.what();
            return error.code() == ExitCode::input_output_error &&
                   sentence == "cannot write \"" + path + "\": File too large";
        }
        return false;
    };
    const auto acknowledge = [&](std::int64_t step) {
        const std::string name = path + ".acknowledged";
        const int file = open(name.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
        const std::string text = std::to_string(step);
        if (write(file, text.data(), text.size()) < 0) std::exit(1);
        close(file);
    };
    if (!fails([&] { running.advance(*recorder, acknowledge); })) return 2;
    const std::string before = contents(path);
    if (!fails([&] { recorder->flush(); })) return 3;
    if (!fails([&] { recorder->close(5000, 0.0); })) return 4;
    recorder.reset();
    return contents(path) == before ? 0 : 5;
}

std::string creation_error(const Running& running, const std::vector<Recording>& tables,
                           const std::string& path, Replacing replacing) {
    try {
        NamedRecorder(running.program, tables, description(), path, replacing);
    } catch (const Error& error) {
        CHECK(error.code() == ExitCode::cannot_create_output);
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE_METHOD(Running, "when the disk takes no more, every row flushed before stays readable",
                 "[recorder]") {
    std::string script = check_rows;
    for (rlim_t limit = 60'000; limit < 6'200'000; limit += 314'159) {
        const std::string name = directory / std::to_string(limit);
        const auto writing = limit % 2 ? Writing::beside_run : Writing::within_run;
        const int status = in_child([&] { return record_up_to(*this, name, limit, writing); });
        CAPTURE(limit);
        REQUIRE(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 0);
        const std::string acknowledged = contents(name + ".acknowledged");
        CHECK((limit < 3'500'000 || !acknowledged.empty()));
        script += "check('" + name + "', " + (acknowledged.empty() ? "0" : acknowledged) + ")\n";
    }
    CHECK(python_agrees(path, script));
}

TEST_CASE_METHOD(Running, "what keeps a thread from writing is thrown to the run, flushed or not",
                 "[recorder]") {
    const int status = in_child([&] {
        NamedRecorder recorder(program, tables, description(), path, Replacing::no,
                               Writing::beside_run);
        const rlimit largest{500'000, 500'000};
        setrlimit(RLIMIT_FSIZE, &largest);
        State state(program);
        std::int64_t step = 0;
        try {
            while (step < 5000) {
                ++step;
                run(recorder, state, step, step, [](auto, auto) {});
            }
        } catch (const Error& error) {
            const bool names_it = error.what() == "cannot write \"" + path + "\": File too large";
            return error.code() == ExitCode::input_output_error && names_it && step > 500 ? 0 : 1;
        }
        return 2;
    });
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE_METHOD(Running, "when a run is killed, every row flushed before stays readable",
                 "[recorder]") {
    for (const Writing writing : {Writing::within_run, Writing::beside_run}) {
        const int status = in_child([&] {
            NamedRecorder recorder(program, tables, description(), path, Replacing::yes, writing);
            advance(recorder, [](std::int64_t step) {
                if (step == 2550) raise(SIGKILL);
            });
            return 0;
        });
        CHECK(WIFSIGNALED(status));
        CHECK(python_agrees(path, std::string(check_rows) + "check(path, 2550)"));
        CHECK(read_dataset(path, "loss", {}).numbers.size() == 2550);
    }
}

TEST_CASE_METHOD(Running, "an existing file is replaced only when asked for", "[recorder]") {
    std::ofstream(path) << "precious";
    CHECK(creation_error(*this, tables, path, Replacing::no) ==
          "\"" + path + "\" exists; use `force` to overwrite it");
    CHECK(contents(path) == "precious");
    NamedRecorder(program, tables, description(), path, Replacing::yes).close(0, 0.0);
    CHECK(read_dataset(path, "loss", {}).numbers.empty());
    CHECK(std::distance(
              std::filesystem::directory_iterator(std::filesystem::path(path).parent_path()), {}) ==
          1);
}

TEST_CASE_METHOD(Running, "an existing file survives a run that cannot begin", "[recorder]") {
    std::ofstream(path) << "precious";
    const std::vector<Recording> too_much = {recording("all", {"*"}, 1, 1, 1'000'000'000'000)};
    CHECK_FALSE(creation_error(*this, too_much, path, Replacing::yes).empty());
    CHECK_THROWS_AS(NamedRecorder(program, {recording("all", {"x"}, 1, 1, 1)}, description(), path,
                                  Replacing::yes),
                    Error);
    CHECK(contents(path) == "precious");
}

TEST_CASE_METHOD(Running, "what does not fit on the disk is refused before anything is made",
                 "[recorder]") {
    const std::string deep = directory / "new/run.h5";
    const std::string sentence = creation_error(
        *this, {recording("all", {"*"}, 1, 1, 1'000'000'000'000)}, deep, Replacing::no);
    CAPTURE(sentence);
    // 4464 bytes a step: of so many rows the chunks are so large that next to nothing is unused.
    CHECK(sentence.find("it would need up to 4.5 PB") != std::string::npos);
    CHECK(sentence.find("are free") != std::string::npos);
    CHECK(sentence.find("`every` or `what` of [record.*]") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(directory / "new"));
}

TEST_CASE_METHOD(Running, "the directory of the file is made", "[recorder]") {
    const std::string deep = directory / "a/b/run.h5";
    NamedRecorder(program, tables, description(), deep, Replacing::no).close(0, 0.0);
    CHECK(std::filesystem::is_regular_file(deep));
}

TEST_CASE_METHOD(Running, "a file that cannot be made is an error with the reason", "[recorder]") {
    std::ofstream(directory / "file") << "no directory";
    const std::string below = directory / "file/run.h5";
    CHECK(creation_error(*this, tables, below, Replacing::no).find("Not a directory") !=
          std::string::npos);
    const std::string long_name = directory / std::string(300, 'x');
    CHECK(creation_error(*this, tables, long_name, Replacing::no) ==
          "cannot write \"" + long_name + "\": File name too long");
    const std::string folder = directory / "";
    CHECK(creation_error(*this, tables, folder, Replacing::yes) ==
          "cannot write \"" + folder + "\": it is a folder; expected the name of a file");
}

// Root may write everywhere: so in a child process that is nobody.
TEST_CASE_METHOD(Running, "a folder that takes no file is an error with the reason", "[recorder]") {
    namespace fs = std::filesystem;
    fs::permissions(directory / "", fs::perms::owner_read | fs::perms::owner_exec |
                                        fs::perms::others_read | fs::perms::others_exec);
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    if (child == 0) {
        constexpr uid_t nobody = 65534;
        if (geteuid() == 0 && setuid(nobody) != 0) _exit(2);
        std::string sentence = "nothing was thrown";
        try {
            NamedRecorder(program, tables, description(), path, Replacing::no);
        } catch (const Error& error) {
            sentence = error.what();
        }
        const auto written = write(ends[1], sentence.data(), sentence.size());
        _exit(written == ssize_t(sentence.size()) ? 0 : 3);
    }
    close(ends[1]);
    char sentence[4096];
    const ssize_t size = read(ends[0], sentence, sizeof sentence);
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    fs::permissions(directory / "", fs::perms::owner_all);
    CHECK(status == 0);
    CHECK(std::string(sentence, std::size_t(std::max<ssize_t>(0, size))) ==
          "cannot write \"" + path + "\": Permission denied");
}

TEST_CASE("what ended a run is kept whole up to 2,047 bytes, and said to be cut beyond",
          "[recorder]") {
    const TemporaryDirectory directory;
    const auto kept = [&](const std::string& failure) {
        const std::string path = directory / "run.h5";
        Recordable nothing;
        NamedRecorder(nothing.program, {}, description(), path, Replacing::yes)
            .close(1, 0.0, failure);
        return StoredRun(path).failure();
    };
    const std::string whole(2047, 'x');
    CHECK(kept(whole) == whole);
    CHECK(kept(whole + "x") == std::string(2044, 'x') + "...");
    // Not in the middle of a character of two bytes.
    CHECK(kept("x" + std::string(2042, 'x') + "\u00e4" + "long") == std::string(2043, 'x') + "...");
}

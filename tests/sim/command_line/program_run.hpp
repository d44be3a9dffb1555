#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "tests/sim/model/drafted_model.hpp"
#include "tests/this_build.hpp"

namespace apical {

// What a program came to: its exit code (minus the signal that ended it), stdout and stderr.
struct Outcome {
    int code = 0;
    std::string out, err;
};

// A program that was started in a folder, with stdout and stderr into files there.
class Running {
public:
    // `terminal` is a device for stderr in place of the file.
    Running(const TemporaryFolder& folder, std::vector<std::string> command,
            const std::string& terminal = "")
        : Running(folder, std::move(command), "stdout", terminal) {}
    // `out` is a path for stdout, from the folder.
    Running(const TemporaryFolder& folder, std::vector<std::string> command, const std::string& out,
            const std::string& terminal)
        : out_(folder / out), err_(folder / "stderr") {
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addchdir_np(&actions, folder.path().c_str());
        constexpr int create = O_WRONLY | O_CREAT | O_TRUNC;
        const std::string& err = terminal.empty() ? err_ : terminal;
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out_.c_str(), create, 0600);
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), create, 0600);
        std::vector<char*> arguments;
        for (std::string& argument : command) arguments.push_back(argument.data());
        arguments.push_back(nullptr);
        const int failure =
            posix_spawnp(&id_, arguments[0], &actions, nullptr, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        INFO(command[0]);
        REQUIRE(failure == 0);
    }
    ~Running() {
        if (id_ <= 0) return;
        kill(id_, SIGKILL);
        waitpid(id_, nullptr, 0);
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    pid_t id() const { return id_; }
    void interrupt() const { REQUIRE(kill(id_, SIGINT) == 0); }

    Outcome wait() {
        int status = 0;
        REQUIRE(waitpid(id_, &status, 0) == id_);
        id_ = 0;
        const auto text = [](const std::string& path) {
            return std::filesystem::is_regular_file(path) ? content_of(path) : "";
        };
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), text(out_),
                text(err_)};
    }

private:
    std::string out_, err_;
    pid_t id_ = 0;
};

// While it lives: a sanitizer's report of what happens inside the HDF5 library ends a program as a
// crash does, and what HDF5 leaks when it gives up on a file, or MPI when it ends, is their own, as
// is what HDF5 copies from beyond a damaged heap of texts.
struct CrashesAreSignals {
    CrashesAreSignals() {
        const std::string options =
            given +
            ":detect_leaks=0:abort_on_error=1:handle_segv=0:handle_sigbus=0:handle_sigfpe=0:"
            "suppressions='" APICAL_SOURCE_DIR "/tests/asan_suppressions.txt'";
        setenv("ASAN_OPTIONS", options.c_str(), 1);
    }
    ~CrashesAreSignals() { setenv("ASAN_OPTIONS", given.c_str(), 1); }

private:
    const std::string given = std::getenv("ASAN_OPTIONS") ? std::getenv("ASAN_OPTIONS") : "";
};

// For `env`, before a command whose files cannot grow: where coverage is counted, its counts go
// elsewhere. Cut off, they would spoil those of all tests.
constexpr const char* without_counts = "GCOV_PREFIX=. GCOV_ERROR_FILE=/dev/null";

inline std::vector<std::string> apical_command(const std::vector<std::string>& arguments) {
    std::vector<std::string> command{tested_program};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
}

// The program with these arguments, in this folder.
inline Outcome apical_in(const TemporaryFolder& folder, const std::vector<std::string>& arguments) {
    return Running(folder, apical_command(arguments)).wait();
}

// In a folder of its own.
inline Outcome apical_with(const std::vector<std::string>& arguments) {
    return apical_in(TemporaryFolder(), arguments);
}

// What a Python script prints; the arguments are in `argv`.
inline std::string python(const std::string& script, const std::vector<std::string>& arguments) {
    const TemporaryFolder folder;
    std::vector<std::string> command{"/usr/bin/python3", "-c", "from sys import argv\n" + script};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const Outcome outcome = Running(folder, command).wait();
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    return outcome.out;
}

// Looks every few milliseconds; false when it did not come within 20 s.
inline bool comes_true(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < end) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
}

}  // namespace apical

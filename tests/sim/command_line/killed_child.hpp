#pragma once

#include <sys/ptrace.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "tests/sim/command_line/program_run.hpp"

namespace apical {

// What a command comes to when the child process in which it reads a file dies of a signal, as it
// does when the HDF5 library crashes there.

// A program that waits to be traced.
inline std::vector<std::string> stopped(std::vector<std::string> command) {
    const std::vector<std::string> shell{"sh", "-c", "kill -STOP $$; exec \"$@\"", "sh"};
    command.insert(command.begin(), shell.begin(), shell.end());
    return command;
}

// Lets a traced process go on until this event of it.
inline void go_on_until(pid_t process, int event) {
    for (;;) {
        int status = 0;
        REQUIRE(waitpid(process, &status, __WALL) == process);
        REQUIRE(WIFSTOPPED(status));
        const int happened = status >> 16;
        if (happened == event) return;
        const int passed_on = happened == 0 ? WSTOPSIG(status) : 0;
        REQUIRE(ptrace(PTRACE_CONT, process, nullptr, passed_on) == 0);
    }
}

// Lets the program go on until it spawns a child, and that one until it is a program of its own:
// before that it uses its parent's memory. The first child dies of the signal before it does
// anything.
inline void kill_first_child(pid_t program, int signal) {
    int status = 0;
    REQUIRE(waitpid(program, &status, WUNTRACED) == program);
    REQUIRE(ptrace(PTRACE_SEIZE, program, nullptr, PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC) == 0);
    REQUIRE(kill(program, SIGCONT) == 0);
    go_on_until(program, PTRACE_EVENT_VFORK);
    unsigned long id = 0;
    REQUIRE(ptrace(PTRACE_GETEVENTMSG, program, nullptr, &id) == 0);
    REQUIRE(ptrace(PTRACE_DETACH, program, nullptr, nullptr) == 0);
    const auto child = static_cast<pid_t>(id);
    go_on_until(child, PTRACE_EVENT_EXEC);
    REQUIRE(kill(child, signal) == 0);
    REQUIRE(ptrace(PTRACE_DETACH, child, nullptr, nullptr) == 0);
}

inline Outcome outcome_after_kill(const TemporaryFolder& folder,
                                  const std::vector<std::string>& arguments, int signal) {
    Running reading(folder, stopped(apical_command(arguments)));
    kill_first_child(reading.id(), signal);
    return reading.wait();
}

}  // namespace apical

#include "sim/command_line/reading_process.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace apical {

namespace {

// Opening takes milliseconds of the processor's time; a loop in the library takes all it can get.
// A wait for what never comes takes none, so that there is a limit by the clock as well, which
// leaves a slow disk or a busy machine its time.
constexpr int seconds_to_open = 3, clock_seconds = 5;  // for each second of the processor

void limit_time(int seconds) {
    itimerval limit{};
    limit.it_value.tv_sec = seconds;
    setitimer(ITIMER_PROF, &limit, nullptr);
    limit.it_value.tv_sec *= clock_seconds;
    setitimer(ITIMER_REAL, &limit, nullptr);
}

bool is_of_a_crash(int signal) {
    switch (signal) {
        case SIGSEGV:
        case SIGBUS:
        case SIGABRT:
        case SIGFPE:
        case SIGILL:
        case SIGPROF:
        case SIGALRM:
            return true;
        default:
            return false;
    }
}

const char* how_it_ended(int signal) {
    return signal == SIGALRM
               ? "was not read in time: HDF5 waits for something, or has far too much to read"
               : "is damaged (the HDF5 library gave up on it)";
}

int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

// 0 in the child, which ends when the parent does; negative when there can be none.
pid_t fork_to_read() {
    const pid_t parent = getpid(), child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(0);  // it ended before
        std::signal(SIGALRM, SIG_DFL);      // who started the program may ignore it
        std::signal(SIGPROF, SIG_DFL);
        limit_time(seconds_to_open);
    }
    return child;
}

// A signal that somebody sent to the child says nothing of the file. One that asks the parent to
// end interrupts its wait, and ends the child.
bool is_trial(const Where& where, const std::string& what) {
    const pid_t child = fork_to_read();
    if (child < 0) return false;  // read without one
    if (child == 0) {
        for (const int one : {SIGINT, SIGTERM}) std::signal(one, SIG_DFL);
        return true;
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) kill(child, SIGTERM);
    const bool gave_up = WIFEXITED(status) ? WEXITSTATUS(status) != 0  // a sanitizer's
                                           : is_of_a_crash(WTERMSIG(status));
    if (gave_up) reject(where, what + how_it_ended(WIFSIGNALED(status) ? WTERMSIG(status) : 0));
    return false;
}

// Without what is done at the end of a process: files and buffers are the parent's.
[[noreturn]] void end_trial() { _exit(0); }

void extend_time_limit(double seconds) {
    itimerval limit{};
    getitimer(ITIMER_PROF, &limit);
    if (limit.it_value.tv_sec == 0 && limit.it_value.tv_usec == 0) return;
    limit_time(seconds_to_open + static_cast<int>(std::ceil(seconds)));
}

}  // namespace

ReadingTrial in_child_process() { return {is_trial, end_trial, extend_time_limit}; }

void continue_in_reading_process(const std::vector<std::string>& paths) {
    const pid_t child = fork_to_read();
    if (child < 0)
        throw Error(ExitCode::internal, fmt::format("cannot fork: {}", std::strerror(errno)));
    if (child == 0) return;
    const int status = wait_for(child);
    if (WIFEXITED(status)) std::exit(WEXITSTATUS(status));
    if (is_of_a_crash(WTERMSIG(status)))
        reject({list_of(paths), 0, 0}, fmt::format("{}{}", paths.size() == 1 ? "" : "one of them ",
                                                   how_it_ended(WTERMSIG(status))));
    std::signal(WTERMSIG(status), SIG_DFL);
    std::raise(WTERMSIG(status));
}

void lift_time_limit() { limit_time(0); }

}  // namespace apical

#include "sim/inspect/reading_process.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "circuits/error.hpp"

namespace apical {

namespace {

// Opening takes milliseconds of the processor's time; a loop in the library takes all it can get.
void limit_time(int seconds) {
    itimerval limit{};
    limit.it_value.tv_sec = seconds;
    setitimer(ITIMER_PROF, &limit, nullptr);
}

bool is_of_a_crash(int signal) {
    switch (signal) {
        case SIGSEGV:
        case SIGBUS:
        case SIGABRT:
        case SIGFPE:
        case SIGILL:
        case SIGPROF:
            return true;
        default:
            return false;
    }
}

int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

}  // namespace

void continue_in_reading_process(const std::vector<std::string>& paths) {
    const pid_t child = fork();
    if (child < 0)
        throw Error(ExitCode::internal, fmt::format("cannot fork: {}", std::strerror(errno)));
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        limit_time(3);
        return;
    }
    const int status = wait_for(child);
    if (WIFEXITED(status)) std::exit(WEXITSTATUS(status));
    if (is_of_a_crash(WTERMSIG(status)))
        reject({list_of(paths), 0, 0}, fmt::format("{} damaged (the HDF5 library gave up on it)",
                                                   paths.size() == 1 ? "is" : "one of them is"));
    std::signal(WTERMSIG(status), SIG_DFL);
    std::raise(WTERMSIG(status));
}

void lift_time_limit() { limit_time(0); }

}  // namespace apical

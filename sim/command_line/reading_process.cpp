#include "sim/command_line/reading_process.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <string_view>

#include "sim/command_line/readings.hpp"

namespace apical {

namespace {

// In front of the arguments: one of these and the parent's id; then, to try, the name of a reading
// and its words, and to continue, the parent's arguments.
constexpr std::string_view to_try = "--try-reading", to_continue = "--continue-reading";

// How this process was started, of which there is one.
struct StartOfProcess {
    std::vector<std::string> arguments;  // of its user, the program's name first
    bool reads_for_parent = false;
};
StartOfProcess this_process;

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

void extend_time_limit(double seconds) {
    limit_time(seconds_to_open + static_cast<int>(std::ceil(seconds)));
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

// Starts the program; the child takes these signals as if nobody had ever ignored them. 0, with
// errno, when there can be no child.
pid_t spawn_to_read(const std::string& program, std::vector<std::string> command,
                    std::initializer_list<int> taken) {
    std::vector<char*> words;
    for (std::string& word : command) words.push_back(word.data());
    words.push_back(nullptr);
    sigset_t signals;
    sigemptyset(&signals);
    for (const int one : taken) sigaddset(&signals, one);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    pid_t child = 0;
    errno = posix_spawn(&child, program.c_str(), nullptr, &attributes, words.data(), environ);
    const int failure = errno;
    posix_spawnattr_destroy(&attributes);
    errno = failure;
    return failure == 0 ? child : 0;
}

std::vector<std::string> after_front(std::vector<std::string> front,
                                     const std::vector<std::string>& others) {
    front.insert(front.end(), others.begin(), others.end());
    return front;
}

// A signal that somebody sent to the child says nothing of the file. One that asks the parent to
// end interrupts its wait, and ends the child.
void attempt_in_child(const std::string& program, const Reading& reading,
                      const std::vector<std::string>& words, const Where& where,
                      const std::string& what) {
    const std::vector<std::string> command{"apical", std::string(to_try), std::to_string(getpid()),
                                           reading.name};
    const pid_t child =
        spawn_to_read(program, after_front(command, words), {SIGALRM, SIGPROF, SIGINT, SIGTERM});
    if (child == 0) return;  // read without one
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) kill(child, SIGTERM);
    const bool gave_up = WIFEXITED(status) ? WEXITSTATUS(status) != 0  // a sanitizer's
                                           : is_of_a_crash(WTERMSIG(status));
    if (gave_up) reject(where, what + how_it_ended(WIFSIGNALED(status) ? WTERMSIG(status) : 0));
}

// The child ends when the parent does.
void follow_parent(const std::string& parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (std::to_string(getppid()) != parent) _exit(0);  // it ended before
}

// Ends without what is done at the end of a process, in which the library could crash: it has
// opened what is damaged.
[[noreturn]] void try_for_parent(const std::string& name, const std::vector<std::string>& words) {
    const Reading* reading = find_reading(name);
    if (!reading) _exit(static_cast<int>(ExitCode::internal));
    try {
        reading->read(words, {.attempt = nullptr, .program = {}, .extend = extend_time_limit});
    } catch (...) {
    }
    _exit(0);
}

}  // namespace

void begin_reading_process(int& argc, char**& argv) {
    this_process.arguments.assign(argv, argv + argc);
    const std::vector<std::string>& given = this_process.arguments;
    const bool tries = argc > 3 && given[1] == to_try;
    if (!tries && (argc < 3 || given[1] != to_continue)) return;
    follow_parent(given[2]);
    limit_time(seconds_to_open);
    if (tries) try_for_parent(given[3], {given.begin() + 4, given.end()});
    this_process.reads_for_parent = true;
    argv[2] = argv[0];
    argv += 2;
    argc -= 2;
}

ReadingTrial in_child_process(const std::string& program) {
    return {.attempt = attempt_in_child, .program = program, .extend = nullptr};
}

void continue_in_reading_process(const std::vector<std::string>& paths) {
    if (this_process.reads_for_parent) return;
    std::vector<std::string> command = this_process.arguments;
    command.insert(command.begin() + 1, {std::string(to_continue), std::to_string(getpid())});
    const pid_t child = spawn_to_read("/proc/self/exe", command, {SIGALRM, SIGPROF});
    if (child == 0)
        throw Error(ExitCode::internal,
                    fmt::format("cannot start a process that reads: {}", std::strerror(errno)));
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status)) std::exit(WEXITSTATUS(status));
    if (is_of_a_crash(WTERMSIG(status)))
        reject({list_of(paths), 0, 0}, fmt::format("{}{}", paths.size() == 1 ? "" : "one of them ",
                                                   how_it_ended(WTERMSIG(status))));
    std::signal(WTERMSIG(status), SIG_DFL);
    std::raise(WTERMSIG(status));
}

void lift_time_limit() { limit_time(0); }

}  // namespace apical

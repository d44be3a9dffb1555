#include "sim/plot/gnuplot.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "circuits/error.hpp"

namespace apical {

namespace {

[[noreturn]] void cannot_start(int failure) {
    if (failure == ENOENT) {
        throw Error(
            ExitCode::unavailable,
            "drawing needs gnuplot, which is not on this machine; install the Debian package "
            "gnuplot-nox, or take the script with -o FILE.gp and draw it elsewhere");
    }
    throw Error(ExitCode::internal,
                fmt::format("cannot start gnuplot: {}", std::strerror(failure)));
}

// A file in memory. Unlike a pipe it cannot fill up while both sides wait for the other.
class MemoryFile {
public:
    MemoryFile() : descriptor_(memfd_create("gnuplot", MFD_CLOEXEC)) {
        if (descriptor_ < 0) cannot_start(errno == ENOENT ? EIO : errno);
    }
    ~MemoryFile() { close(descriptor_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    int descriptor() const { return descriptor_; }
    void write(const std::string& text) const {
        for (std::size_t done = 0; done < text.size();) {
            const ssize_t count = ::write(descriptor_, text.data() + done, text.size() - done);
            if (count < 0) cannot_start(errno);
            done += static_cast<std::size_t>(count);
        }
        lseek(descriptor_, 0, SEEK_SET);
    }
    std::string beginning() const {
        std::array<char, 4096> text;
        const ssize_t count = pread(descriptor_, text.data(), text.size(), 0);
        return {text.data(), static_cast<std::size_t>(count < 0 ? 0 : count)};
    }

private:
    int descriptor_;
};

pid_t start(const MemoryFile& script, const MemoryFile& complaints) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, script.descriptor(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, complaints.descriptor(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, complaints.descriptor(), STDERR_FILENO);
    std::string name = "gnuplot", defaults = "-d", input = "-";
    char* arguments[] = {name.data(), defaults.data(), input.data(), nullptr};
    pid_t id = 0;
    const int failure = posix_spawnp(&id, "gnuplot", &actions, nullptr, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) cannot_start(failure);
    return id;
}

// gnuplot shows the place with a caret above what it has to say.
std::string complaint(const std::string& text) {
    std::size_t begin = text.find("line ");
    if (begin == std::string::npos) begin = text.find_first_not_of(" \n^");
    if (begin == std::string::npos) return "it says nothing";
    return text.substr(begin, text.find('\n', begin) - begin);
}

}  // namespace

void run_gnuplot(const std::string& script) {
    const MemoryFile input, complaints;
    input.write(script);
    const pid_t id = start(input, complaints);
    int status = 0;
    while (waitpid(id, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
    throw Error(ExitCode::internal,
                fmt::format("gnuplot failed: {}", complaint(complaints.beginning())));
}

}  // namespace apical

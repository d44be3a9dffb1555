#include "sim/view/drawing.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "circuits/error.hpp"

namespace apical {

namespace {

[[noreturn]] void fail(const std::string& why) {
    throw Error(ExitCode::unavailable,
                fmt::format("the circuit cannot be drawn: {}; install it with "
                            "`apt-get install graphviz`",
                            why));
}

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using OwnedFile = std::unique_ptr<std::FILE, CloseFile>;

// Read from its beginning by whoever gets the descriptor. A file and not a pipe, so that `dot` and
// this program cannot wait for each other.
OwnedFile file_with(const std::string& text) {
    OwnedFile file(std::tmpfile());
    if (!file || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() ||
        std::fflush(file.get()) != 0 || lseek(fileno(file.get()), 0, SEEK_SET) != 0) {
        throw Error(ExitCode::input_output_error,
                    fmt::format("cannot write a temporary file: {}", std::strerror(errno)));
    }
    return file;
}

pid_t start_dot(int in, int out) {
    std::string name = "dot", format = "-Tsvg", background = "-Gbgcolor=transparent";
    const std::array<char*, 4> arguments{name.data(), format.data(), background.data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t id = 0;
    const int failure = posix_spawnp(&id, "dot", &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failure != 0)
        fail(fmt::format("Graphviz's program `dot` {}",
                         failure == ENOENT ? "is missing" : std::strerror(failure)));
    return id;
}

std::string all_of(int descriptor) {
    std::string text;
    std::array<char, 1 << 16> block;
    for (;;) {
        const ssize_t size = read(descriptor, block.data(), block.size());
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return text;
        text.append(block.data(), static_cast<std::size_t>(size));
    }
}

}  // namespace

std::string svg_of(const std::string& dot) {
    const OwnedFile input = file_with(dot);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail(std::strerror(errno));
    const OwnedFile from(fdopen(ends[0], "r"));
    OwnedFile to(fdopen(ends[1], "w"));
    const pid_t id = start_dot(fileno(input.get()), ends[1]);
    to.reset();
    const std::string drawn = all_of(ends[0]);
    int status = 0;
    while (waitpid(id, &status, 0) < 0 && errno == EINTR) {
    }
    const std::size_t begin = drawn.find("<svg");
    if (status != 0 || begin == std::string::npos) fail("Graphviz's program `dot` failed");
    return drawn.substr(begin);
}

}  // namespace apical

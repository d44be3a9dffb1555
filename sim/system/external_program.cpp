#include "sim/system/external_program.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "circuits/text/error.hpp"

namespace apical {

namespace {

[[noreturn]] void cannot_start(const std::string& program, int failure) {
    throw Error(ExitCode::internal,
                fmt::format("cannot start {}: {}", program, std::strerror(failure)));
}

// A file in memory. Unlike a pipe it cannot fill up while both sides wait for the other.
class MemoryFile {
public:
    explicit MemoryFile(const std::string& program)
        : program_(program), descriptor_(memfd_create("apical", MFD_CLOEXEC)) {
        if (descriptor_ < 0) cannot_start(program, errno);
    }
    ~MemoryFile() { close(descriptor_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    int descriptor() const { return descriptor_; }
    void write(const std::string& text) const {
        for (std::size_t done = 0; done < text.size();) {
            const ssize_t count = ::write(descriptor_, text.data() + done, text.size() - done);
            if (count < 0) cannot_start(program_, errno);
            done += static_cast<std::size_t>(count);
        }
        lseek(descriptor_, 0, SEEK_SET);
    }
    std::string text() const {
        std::string all;
        std::array<char, 1 << 16> block;
        for (;;) {
            const ssize_t count =
                pread(descriptor_, block.data(), block.size(), static_cast<off_t>(all.size()));
            if (count <= 0) return all;
            all.append(block.data(), static_cast<std::size_t>(count));
        }
    }

private:
    std::string program_;
    int descriptor_;
};

}  // namespace

std::optional<ProgramOutcome> run_program(const std::vector<std::string>& command,
                                          const std::string& input) {
    const std::string& program = command.front();
    const MemoryFile in(program), out(program), complaints(program);
    in.write(input);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in.descriptor(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out.descriptor(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, complaints.descriptor(), STDERR_FILENO);
    std::vector<std::string> words = command;
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t id = 0;
    const int failure =
        posix_spawnp(&id, program.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failure == ENOENT) return {};
    if (failure != 0) cannot_start(program, failure);
    int status = 0;
    while (waitpid(id, &status, 0) < 0 && errno == EINTR) {
    }
    return ProgramOutcome{WIFEXITED(status) && WEXITSTATUS(status) == 0, out.text(),
                          complaints.text()};
}

}  // namespace apical

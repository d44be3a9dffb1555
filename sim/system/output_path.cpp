#include "sim/system/output_path.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "circuits/text/error.hpp"

namespace apical {

namespace {

[[noreturn]] void cannot_create(const std::string& path, const std::string& reason) {
    throw Error(ExitCode::cannot_create_output,
                fmt::format("cannot write \"{}\": {}", path, reason));
}

// "12.3 GB"
std::string in_words(std::uint64_t bytes) {
    constexpr const char* units[] = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
    auto number = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; number >= 1000.0; number /= 1000.0) ++unit;
    return fmt::format("{:.{}f} {}", number, unit ? 1 : 0, units[unit]);
}

// The directory, or the nearest above it that exists.
std::filesystem::path existing_directory(const std::string& path) {
    std::error_code unknown;
    auto directory = std::filesystem::absolute(path, unknown).parent_path();
    while (!std::filesystem::exists(directory, unknown) && directory.has_relative_path()) {
        directory = directory.parent_path();
    }
    return directory;
}

// Throws Error{cannot_create_output} unless the file, or, when there is none yet, its directory can
// be written.
void check_may_write(const std::string& path) {
    if (access(path.c_str(), W_OK) == 0) return;
    const std::filesystem::path directory = std::filesystem::path(path).parent_path();
    if (errno == ENOENT && access(directory.empty() ? "." : directory.c_str(), W_OK) == 0) return;
    cannot_create(path, std::strerror(errno));
}

// `released` is what the disk has again when the file is replaced.
void check_space(const std::string& path, std::uint64_t needed, std::uint64_t released,
                 std::string_view what, std::string_view advice) {
    const std::filesystem::path directory = existing_directory(path);
    struct statvfs disk = {};
    if (statvfs(directory.c_str(), &disk) != 0) return;  // creating the file will say why
    const std::uint64_t free = disk.f_bavail * disk.f_frsize + released;
    if (needed <= free) return;
    cannot_create(path, fmt::format("{} {}, and {} are free in \"{}\"; {}", what, in_words(needed),
                                    in_words(free), directory.string(), advice));
}

}  // namespace

void check_room_for_copy(const std::string& path) {
    struct stat file = {};
    if (stat(path.c_str(), &file) != 0) return;
    const std::uint64_t recorded = static_cast<std::uint64_t>(file.st_blocks) * 512;
    check_space(path, recorded, 0, "what was recorded is copied first, which needs up to",
                "make room");
}

void check_not_input(const std::string& output, const std::string& input) {
    std::error_code missing;
    if (std::filesystem::equivalent(output, input, missing))
        cannot_create(output, "it is what the command reads; expected another output");
}

namespace {

// Whether the name is that of a file: nothing else can be replaced.
bool is_file(const std::string& path) {
    std::error_code unknown;
    const auto found = std::filesystem::status(path, unknown);
    const bool exists = std::filesystem::exists(found);
    const bool is_link = std::filesystem::is_symlink(path, unknown);
    if (!exists && is_link)
        cannot_create(path, fmt::format("it is a link to \"{}\", which does not exist",
                                        std::filesystem::read_symlink(path, unknown).string()));
    if (path.ends_with('/') || std::filesystem::is_directory(found))
        cannot_create(path, "it is a folder; expected the name of a file");
    if (exists && !std::filesystem::is_regular_file(found)) cannot_create(path, "it is not a file");
    return exists;
}

void check_name(const std::string& path) {
    if (path.empty())
        throw Error(ExitCode::usage, "the output has no name; expected `output` FILE");
    std::error_code removed;
    const bool has_folder = !std::filesystem::current_path(removed).empty();
    if (!has_folder && std::filesystem::path(path).is_relative())
        cannot_create(path, "the working directory was removed");
}

}  // namespace

bool check_output(const std::string& path) {
    check_name(path);
    return is_file(path);
}

bool prepare_output(const std::string& path, bool force, std::uint64_t needed) {
    const bool exists = check_output(path);
    if (exists && !force) {
        throw Error(ExitCode::cannot_create_output,
                    fmt::format("\"{}\" exists; use `force` to overwrite it", path));
    }
    std::error_code none;
    const auto replaced = std::filesystem::file_size(path, none);
    check_space(path, needed, none ? 0 : replaced, "it would need up to",
                "make room, or record less with `every` or `what` of [record.*]");
    const auto directory = std::filesystem::path(path).parent_path();
    std::error_code failure;
    if (!directory.empty()) std::filesystem::create_directories(directory, failure);
    if (failure)
        cannot_create(path, fmt::format("\"{}\": {}", directory.string(), failure.message()));
    check_may_write(path);
    return exists;
}

std::string link_followed(const std::string& path) {
    std::error_code failure;
    if (!std::filesystem::is_symlink(path, failure)) return path;
    const std::filesystem::path file = std::filesystem::canonical(path, failure);
    return failure ? path : file.string();
}

void reject_being_written(const std::string& path) {
    throw Error(ExitCode::cannot_create_output,
                fmt::format("\"{}\" is being written: its run goes on", path));
}

}  // namespace apical

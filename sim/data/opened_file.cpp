#include "sim/data/opened_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace apical {

std::string read_bytes(const std::string& path, std::size_t most, const std::string& expected,
                       const Where& where) {
    const auto unreadable = [&](int number) {
        return Error(ExitCode::no_such_input, fmt::format("{}: cannot read \"{}\": {}", text(where),
                                                          path, std::strerror(number)));
    };
    std::error_code failure;
    const std::filesystem::file_status status = std::filesystem::status(path, failure);
    if (!std::filesystem::exists(status)) throw unreadable(failure ? failure.value() : ENOENT);
    // Opening a pipe would wait for whoever writes to it.
    if (!std::filesystem::is_regular_file(status))
        reject(where, fmt::format("\"{}\" is no ordinary file; expected {}", path, expected));
    const std::uintmax_t size = std::filesystem::file_size(path, failure);
    if (failure) throw unreadable(failure.value());
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) throw unreadable(errno);
    std::string bytes(std::min<std::uintmax_t>(size, most), '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (file.bad()) throw unreadable(EIO);
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    return bytes;
}

void refuse_gzip(const std::string& bytes, const std::string& path, const std::string& expected,
                 const Where& where) {
    if (!bytes.starts_with("\x1f\x8b")) return;
    reject(where, fmt::format("\"{}\" is packed by gzip; expected {}, as `gunzip` unpacks it", path,
                              expected));
}

}  // namespace apical

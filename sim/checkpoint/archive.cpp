#include "sim/checkpoint/archive.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <boost/crc.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "circuits/error.hpp"
#include "sim/disk_file.hpp"

namespace apical {

namespace {

constexpr std::size_t buffer_bytes = 1 << 20;

struct Header {
    std::array<char, 16> format;
    std::uint64_t size, checksum;  // of what follows
};
constexpr std::array<char, 16> format = {'a', 'p', 'i', 'c', 'a', 'l', ' ', 's',
                                         't', 'a', 't', 'e', ' ', '1', '\n'};

[[noreturn]] void cannot_write(const std::string& path, const std::string& reason) {
    throw Error(ExitCode::input_output_error, fmt::format("cannot write \"{}\": {}", path, reason));
}

// A name that a file has taken is on the disk when its directory is. Some file systems cannot sync
// one, and need not.
void sync_directory_of(const std::string& path) {
    const std::string directory = std::filesystem::path(path).parent_path().string();
    const int descriptor =
        ::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    const bool failed = !sync_descriptor(descriptor) && errno == EIO;
    close(descriptor);
    if (failed) cannot_write(path, std::strerror(EIO));
}

}  // namespace

struct Archive::Output {
    std::string made;  // its name until it is complete
    DiskFile file;
    std::uint64_t size = 0;
    boost::crc_32_type checksum;

    ~Output() {
        if (!made.empty()) std::remove(made.c_str());
    }
    void check(const std::string& path) const {
        if (file.failure()) cannot_write(path, file.reason());
    }
};

Archive::Archive(std::string path) : path_(std::move(path)) {}
Archive::Archive(Archive&&) noexcept = default;
Archive& Archive::operator=(Archive&&) noexcept = default;
Archive::~Archive() = default;

Archive Archive::create(const std::string& path) {
    Archive archive(path);
    archive.output_ = std::make_unique<Output>();
    Output& output = *archive.output_;
    const std::string made = fmt::format("{}.{}.new", path, getpid());
    if (!output.file.create(made.c_str())) cannot_write(path, output.file.reason());
    output.made = made;
    archive.buffer_.reserve(buffer_bytes);
    return archive;
}

Archive Archive::open(const std::string& path) {
    Archive archive(path);
    archive.input_ = std::make_unique<std::ifstream>(path, std::ios::binary);
    std::ifstream& input = *archive.input_;
    if (!input) {
        throw Error(ExitCode::no_such_input,
                    fmt::format("cannot read \"{}\": {}", path, std::strerror(errno)));
    }
    Header header{};
    if (!input.read(reinterpret_cast<char*>(&header), sizeof header) || header.format != format)
        archive.reject("is no checkpoint of this version");
    archive.buffer_.resize(buffer_bytes);
    boost::crc_32_type checksum;
    std::uint64_t size = 0;
    while (input.read(archive.buffer_.data(), buffer_bytes), input.gcount() > 0) {
        checksum.process_bytes(archive.buffer_.data(), static_cast<std::size_t>(input.gcount()));
        size += static_cast<std::uint64_t>(input.gcount());
    }
    if (size != header.size || checksum.checksum() != header.checksum)
        archive.reject("is damaged, or was not written to its end");
    archive.left_ = size;
    input.clear();
    input.seekg(sizeof header);
    return archive;
}

void Archive::finish() {
    if (is_read()) {
        if (left_ > 0) reject("holds more than this run has");
        return;
    }
    write_buffer();
    Output& output = *output_;
    const Header header{format, output.size, output.checksum.checksum()};
    output.file.write(0, sizeof header, &header);
    output.file.sync();
    output.file.close();
    output.check(path_);
    if (std::rename(output.made.c_str(), path_.c_str()) != 0)
        cannot_write(path_, std::strerror(errno));
    output.made.clear();
    sync_directory_of(path_);
}

void Archive::same(std::string value, const std::string& what) {
    std::string stored = value;
    take(stored);
    if (stored != value)
        reject(fmt::format("does not fit: {} is \"{}\" there and \"{}\" here", what,
                           shortened(stored), shortened(value)));
}

void Archive::same(std::int64_t value, const std::string& what) {
    std::int64_t stored = value;
    take(stored);
    if (stored != value)
        reject(fmt::format("does not fit: {} is {} there and {} here", what, stored, value));
}

void Archive::reject(const std::string& why) const {
    throw Error(ExitCode::bad_model, fmt::format("{}: it {}", path_, why));
}

void Archive::check_size(std::int64_t rows, std::int64_t columns, std::size_t element_bytes) const {
    const auto limit = static_cast<std::int64_t>(left_ / element_bytes);
    const bool fits =
        rows >= 0 && columns >= 0 && (rows == 0 || columns == 0 || rows <= limit / columns);
    if (!fits) reject("does not fit: a size in it is larger than the file");
}

void Archive::bytes(void* data, std::size_t size) {
    auto* next = static_cast<char*>(data);
    if (is_read()) {
        if (size > left_ || !input_->read(next, static_cast<std::streamsize>(size)))
            reject("ends too early");
        left_ -= size;
        return;
    }
    while (size > 0) {
        const std::size_t part = std::min(size, buffer_bytes - buffer_.size());
        buffer_.insert(buffer_.end(), next, next + part);
        next += part;
        size -= part;
        if (buffer_.size() == buffer_bytes) write_buffer();
    }
}

void Archive::write_buffer() {
    Output& output = *output_;
    output.file.write(sizeof(Header) + output.size, buffer_.size(), buffer_.data());
    output.check(path_);
    output.checksum.process_bytes(buffer_.data(), buffer_.size());
    output.size += buffer_.size();
    buffer_.clear();
}

}  // namespace apical

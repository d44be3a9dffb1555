#include "sim/runs/archive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/crc.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>

#include "circuits/text/error.hpp"
#include "sim/system/output_file.hpp"

namespace apical {

namespace {

constexpr std::size_t buffer_bytes = 1 << 20;

struct Header {
    std::array<char, 16> format;
    std::uint64_t size, checksum;  // of what follows
};
constexpr std::array<char, 16> format = {'a', 'p', 'i', 'c', 'a', 'l', ' ', 's',
                                         't', 'a', 't', 'e', ' ', '2', '\n'};

}  // namespace

struct Archive::Output {
    std::optional<UnfinishedFile> file;  // none: into memory
    std::uint64_t size = 0;
    boost::crc_32_type checksum;
};

Archive::Archive(std::string path) : path_(std::move(path)) {}
Archive::Archive(Archive&&) noexcept = default;
Archive& Archive::operator=(Archive&&) noexcept = default;
Archive::~Archive() = default;

Archive Archive::create(const std::string& path) {
    Archive archive(path);
    archive.output_ = std::make_unique<Output>();
    archive.output_->file.emplace(path, ExitCode::input_output_error);
    archive.buffer_.reserve(buffer_bytes);
    return archive;
}

Archive Archive::in_memory() {
    Archive archive("the saved simulation");
    archive.output_ = std::make_unique<Output>();
    return archive;
}

Archive Archive::of_memory(std::span<const char> bytes) {
    Archive archive("the saved simulation");
    archive.memory_ = bytes;
    archive.left_ = bytes.size();
    return archive;
}

Archive Archive::open(const std::string& path) {
    Archive archive(path);
    std::error_code none;
    if (std::filesystem::exists(path, none) && !std::filesystem::is_regular_file(path, none))
        archive.reject("is no ordinary file");  // to open a pipe would wait for who writes to it
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

bool Archive::is_one(const std::string& path) {
    constexpr std::string_view beginning = "apical state ";
    std::error_code none;
    if (!std::filesystem::is_regular_file(path, none)) return false;
    std::string found(beginning.size(), '\0');
    std::ifstream file(path, std::ios::binary);
    file.read(found.data(), static_cast<std::streamsize>(found.size()));
    return found == beginning;
}

void Archive::finish() {
    if (is_read()) {
        if (left_ > 0) reject("holds more than this run has");
        return;
    }
    if (!output_->file) return;
    write_buffer();
    Output& output = *output_;
    const Header header{format, output.size, output.checksum.checksum()};
    output.file->disk().write(0, sizeof header, &header);
    output.file->publish();
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
    is_read() ? read_bytes(next, size) : write_bytes(next, size);
}

void Archive::read_bytes(char* next, std::size_t size) {
    if (size > left_) reject("ends too early");
    if (!input_) {
        std::copy_n(memory_.end() - static_cast<std::ptrdiff_t>(left_), size, next);
    } else if (!input_->read(next, static_cast<std::streamsize>(size))) {
        reject("ends too early");
    }
    left_ -= size;
}

void Archive::write_bytes(const char* next, std::size_t size) {
    if (!output_->file) {
        buffer_.insert(buffer_.end(), next, next + size);
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
    output.file->disk().write(sizeof(Header) + output.size, buffer_.size(), buffer_.data());
    output.file->check();
    output.checksum.process_bytes(buffer_.data(), buffer_.size());
    output.size += buffer_.size();
    buffer_.clear();
}

}  // namespace apical

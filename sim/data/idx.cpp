#include "sim/data/idx.hpp"

#include <fmt/format.h>

#include <vector>

#include "sim/data/opened_file.hpp"
#include "sim/hdf5/dataset.hpp"

namespace apical {

namespace {

// A kind of IDX file: the dimensions of its numbers, of which the header has the sizes.
struct IdxKind {
    const char *what, *name;  // "images", "an IDX file of images"
    std::uint8_t dimensions;
};
constexpr IdxKind of_images{"images", "an IDX file of images", 3},
    of_labels{"labels", "an IDX file of labels", 1};

constexpr std::uint8_t unsigned_bytes = 0x08;
constexpr std::size_t most_bytes_of_idx = std::size_t{1} << 40, magic_bytes = 4;

std::uint32_t big_endian(const std::string& file, std::size_t at) {
    std::uint32_t number = 0;
    for (std::size_t i = at; i < at + 4; ++i)
        number = number << 8 | static_cast<std::uint8_t>(file[i]);
    return number;
}

std::string magic_text(std::string_view bytes) {
    std::vector<std::string> all;
    for (const char byte : bytes)
        all.push_back(fmt::format("{:02x}", static_cast<std::uint8_t>(byte)));
    return fmt::format("{}", fmt::join(all, " "));
}

std::string magic_of(const IdxKind& kind) {
    return magic_text(std::string{0, 0, unsigned_bytes, static_cast<char>(kind.dimensions)});
}

// What else the first four bytes are, if they are anything that is known.
std::string other_magic(const std::string& file) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(file[i]); };
    if (byte(2) == 0 && byte(3) == 0 && byte(1) == unsigned_bytes && byte(0) > 0)
        return ": its numbers are little-endian, and those of IDX files big-endian";
    if (byte(0) != 0 || byte(1) != 0) return "";
    if (byte(2) != unsigned_bytes) return ": its numbers are no unsigned bytes (08)";
    if (byte(3) == of_images.dimensions) return ": it is one of images";
    return byte(3) == of_labels.dimensions ? ": it is one of labels" : "";
}

void check_magic(const std::string& file, const IdxKind& kind, const std::string& path,
                 const Where& where) {
    refuse_gzip(file, path, kind.name, where);
    const std::size_t header = magic_bytes * (1 + std::size_t{kind.dimensions});
    const std::string magic = file.substr(0, magic_bytes);
    if (magic.size() == magic_bytes && magic_text(magic) != magic_of(kind))
        reject(where, fmt::format("\"{}\" begins with the bytes {}; expected {}, {}{}", path,
                                  magic_text(magic), magic_of(kind), kind.name, other_magic(file)));
    if (file.size() < header)
        reject(where, fmt::format("\"{}\" is {} bytes long; expected {}, whose header alone has {}",
                                  path, file.size(), kind.name, header));
}

// Throws unless there are as many numbers behind the header as it says.
void check_length(const std::string& file, const IdxKind& kind, const std::string& path,
                  const Where& where) {
    std::vector<std::uint32_t> sizes;
    for (std::size_t d = 1; d <= kind.dimensions; ++d)
        sizes.push_back(big_endian(file, magic_bytes * d));
    double product = 1.0;
    for (const std::uint32_t size : sizes) product *= size;
    if (product == 0.0)
        reject(where, fmt::format("\"{}\" has {} {}; expected at least one number", path,
                                  fmt::join(sizes, " x "), kind.what));
    const std::size_t numbers = file.size() - magic_bytes * (1 + sizes.size());
    if (product == static_cast<double>(numbers)) return;
    reject(where, fmt::format("\"{}\" says that it has {} {}, {:.0f} bytes, and has {}: it is {}",
                              path, fmt::join(sizes, " x "), kind.what, product, numbers,
                              static_cast<double>(numbers) < product ? "cut off" : "too long"));
}

std::string read_idx(const std::string& path, const IdxKind& kind, const Where& where) {
    std::string file = read_bytes(path, most_bytes_of_idx, kind.name, where);
    check_magic(file, kind, path, where);
    check_length(file, kind, path, where);
    return file;
}

std::uint64_t fingerprint_of_text(const std::string& file) {
    return fingerprint_of(
        std::span(reinterpret_cast<const std::uint8_t*>(file.data()), file.size()));
}

}  // namespace

IdxImages IdxImages::read(const std::string& path, const Where& where) {
    IdxImages images;
    images.file_ = read_idx(path, of_images, where);
    images.count_ = big_endian(images.file_, magic_bytes);
    images.rows_ = big_endian(images.file_, 2 * magic_bytes);
    images.columns_ = big_endian(images.file_, 3 * magic_bytes);
    return images;
}

std::uint64_t IdxImages::fingerprint() const { return fingerprint_of_text(file_); }

IdxLabels IdxLabels::read(const std::string& path, const Where& where) {
    IdxLabels labels;
    labels.file_ = read_idx(path, of_labels, where);
    return labels;
}

std::uint64_t IdxLabels::fingerprint() const { return fingerprint_of_text(file_); }

}  // namespace apical

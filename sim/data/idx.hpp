#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "circuits/text/error.hpp"

namespace apical {

// Images in bytes as they lie in a file of LeCun's format IDX, one behind the other, row by row,
// and their labels. Numbers of its header are big-endian: 00 00 08 03, images, rows, columns; 00 00
// 08 01, labels.
class IdxImages {
public:
    std::size_t count() const { return count_; }
    std::size_t rows() const { return rows_; }
    std::size_t columns() const { return columns_; }
    std::size_t pixels() const { return rows_ * columns_; }
    std::span<const std::uint8_t> image(std::size_t i) const {
        return bytes().subspan(header + i * pixels(), pixels());
    }
    std::uint64_t fingerprint() const;

    // Throws Error{no_such_input} when it cannot be read, Error{bad_model} naming `where` when it
    // is packed, little-endian, of something else than images in bytes, or not as long as it says.
    static IdxImages read(const std::string& path, const Where& where);

private:
    static constexpr std::size_t header = 16;
    std::span<const std::uint8_t> bytes() const {
        return {reinterpret_cast<const std::uint8_t*>(file_.data()), file_.size()};
    }
    std::string file_;  // as it is
    std::size_t count_ = 0, rows_ = 0, columns_ = 0;
};

class IdxLabels {
public:
    std::size_t count() const { return file_.size() - header; }
    std::uint8_t label(std::size_t i) const { return static_cast<std::uint8_t>(file_[header + i]); }
    std::uint64_t fingerprint() const;

    static IdxLabels read(const std::string& path, const Where& where);  // throws likewise

private:
    static constexpr std::size_t header = 8;
    std::string file_;
};

}  // namespace apical

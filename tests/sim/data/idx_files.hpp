// IDX files as tests write them, byte by byte.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace apical::idx_tests {

inline std::string big_endian(std::uint32_t number) {
    std::string bytes;
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(number >> shift);
    return bytes;
}

inline std::string images(std::uint32_t count, std::uint32_t rows, std::uint32_t columns,
                          const std::string& pixels) {
    return big_endian(0x803) + big_endian(count) + big_endian(rows) + big_endian(columns) + pixels;
}

inline std::string labels(const std::vector<int>& all) {
    std::string bytes = big_endian(0x801) + big_endian(static_cast<std::uint32_t>(all.size()));
    for (const int one : all) bytes += static_cast<char>(one);
    return bytes;
}

// Pixel p of image i.
inline std::uint8_t pixel(std::size_t i, std::size_t p) {
    return static_cast<std::uint8_t>(7 * i + 3 * p);
}

// Images with these pixels, image i of the class i mod `classes`.
inline std::string pixels(std::size_t count, std::size_t each) {
    std::string bytes(count * each, '\0');
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t p = 0; p < each; ++p) bytes[i * each + p] = static_cast<char>(pixel(i, p));
    return bytes;
}

inline std::vector<int> classes(std::size_t count, int of) {
    std::vector<int> all;
    for (std::size_t i = 0; i < count; ++i) all.push_back(static_cast<int>(i) % of);
    return all;
}

}  // namespace apical::idx_tests

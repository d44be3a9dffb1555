#pragma once

#include <cstdint>
#include <cstring>
#include <string>

namespace apical {

// The bytes of a checkpoint that says of itself that it is whole.
inline std::string with_checksum(std::string bytes) {
    constexpr std::size_t header = 32;
    const std::uint64_t size = bytes.size() - header;
    std::uint32_t crc = ~0u;  // CRC-32, bit by bit
    for (std::size_t i = header; i < bytes.size(); ++i) {
        crc ^= static_cast<unsigned char>(bytes[i]);
        for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0u);
    }
    const std::uint64_t checksum = ~crc;
    std::memcpy(&bytes[16], &size, sizeof size);
    std::memcpy(&bytes[24], &checksum, sizeof checksum);
    return bytes;
}

}  // namespace apical

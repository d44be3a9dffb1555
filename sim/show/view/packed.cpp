#include "sim/show/view/packed.hpp"

#include <bit>

namespace apical {

static_assert(std::endian::native == std::endian::little);

std::string Packed::base64() const {
    constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes_.size() + 2) / 3 * 4);
    for (std::size_t k = 0; k < bytes_.size(); k += 3) {
        std::uint32_t three = 0;
        for (std::size_t i = 0; i < 3; ++i)
            three = three << 8 |
                    (k + i < bytes_.size() ? static_cast<unsigned char>(bytes_[k + i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            text += k + i > bytes_.size() ? '=' : digits[three >> (18 - 6 * i) & 63U];
    }
    return text;
}

}  // namespace apical

#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace apical {

// Numbers one behind the other, little-endian, in words of four bytes: a float takes one, a double
// (for steps, which a float does not count far enough) two.
class Packed {
public:
    // The word that they begin with.
    template <class Number>
    std::int64_t add(const std::vector<Number>& numbers) {
        const std::size_t begin = bytes_.size();
        bytes_.resize(begin + numbers.size() * sizeof(Number));
        if (!numbers.empty())
            std::memcpy(&bytes_[begin], numbers.data(), numbers.size() * sizeof(Number));
        return static_cast<std::int64_t>(begin / 4);
    }
    std::uint64_t words() const { return bytes_.size() / 4; }
    std::string base64() const;

private:
    std::string bytes_;
};

}  // namespace apical

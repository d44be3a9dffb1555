#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace apical {

// Digits and nothing else; nothing for what is none, or beyond 63 bits.
std::optional<std::int64_t> whole_number(std::string_view text);

// From `first` on to before `end`, which is above it.
struct WholeRange {
    std::int64_t first = 0, end = 0;
};

// "10:20"; nothing for what is no range, or has nothing in it.
std::optional<WholeRange> whole_range(std::string_view text);

}  // namespace apical

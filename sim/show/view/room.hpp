#pragma once

#include <cstdint>
#include <vector>

namespace apical {

// A page has at most this many bytes.
inline constexpr std::uint64_t largest_page = 20'000'000;
// Bytes of the page that are reserved for the table that says what there is.
inline constexpr std::uint64_t room_for_table = 1'000'000;

// Shares of `room` for those who need so much: nobody gets more than he needs, and whoever gets
// less gets as much as anybody.
std::vector<std::uint64_t> shares_of(std::uint64_t room, const std::vector<std::uint64_t>& needs);

}  // namespace apical

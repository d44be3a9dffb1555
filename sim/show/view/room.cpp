#include "sim/show/view/room.hpp"

#include <algorithm>
#include <numeric>

namespace apical {

std::vector<std::uint64_t> shares_of(std::uint64_t room, const std::vector<std::uint64_t>& needs) {
    std::vector<std::size_t> order(needs.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return needs[a] < needs[b]; });
    std::vector<std::uint64_t> shares(needs.size());
    std::size_t left = needs.size();
    for (const std::size_t one : order) {
        shares[one] = std::min(needs[one], room / left--);
        room -= shares[one];
    }
    return shares;
}

}  // namespace apical

#include "sim/run_file/address_pattern.hpp"

#include <cstddef>
#include <vector>

namespace apical {

// `now[k]` tells whether the pattern so far names the first k characters.
bool matches(std::string_view pattern, std::string_view address) {
    if (pattern.find('*') == std::string_view::npos) return pattern == address;
    constexpr std::string_view ends_of_parts(".()");
    std::vector<bool> now(address.size() + 1), next(now.size());
    now[0] = true;
    for (const char one : pattern) {
        next[0] = false;
        for (std::size_t k = 0; k < address.size(); ++k) {
            const bool fits = one == '*' ? ends_of_parts.find(address[k]) == std::string_view::npos
                                         : one == address[k];
            next[k + 1] = fits && (now[k] || (one == '*' && next[k]));
        }
        now.swap(next);
    }
    return now.back();
}

}  // namespace apical

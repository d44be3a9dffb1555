#include "sim/numbers/named_stream.hpp"

#include <fmt/format.h>

#include <map>

#include "sim/numbers/random.hpp"

namespace apical {

void check_distinct(const std::vector<NamedStream>& streams) {
    std::map<std::uint32_t, const NamedStream*> known;
    for (const NamedStream& one : streams) {
        const auto [first, is_new] = known.emplace(Stream::key_of(one.name), &one);
        if (is_new || first->second->name == one.name) continue;
        reject(one.where, fmt::format("the random streams \"{}\" and \"{}\" would be the same "
                                      "numbers, as their names have the same hash; expected "
                                      "another name for one of the two",
                                      first->second->name, one.name));
    }
}

}  // namespace apical

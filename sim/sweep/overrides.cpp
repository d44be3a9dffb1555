#include "sim/sweep/overrides.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace apical {

namespace {

void add_overrides(std::vector<Override>& found, const Table& from, const std::string& prefix) {
    for (const Entry& entry : from.entries) {
        const std::string key = prefix + entry.key;
        const auto* inner = std::get_if<Table>(&entry.value.content);
        const bool whole = entry.key.find('.') != std::string::npos;
        if (inner && !inner->entries.empty() && !whole) {
            add_overrides(found, *inner, key + ".");
            continue;
        }
        const auto same = [&](const Override& one) { return one.key == key; };
        if (std::any_of(found.begin(), found.end(), same))
            reject(entry.where, fmt::format("the key \"{}\" has a value already", key));
        found.push_back({key, entry.value});
    }
}

}  // namespace

std::vector<Override> overrides_of(const Table& from, const std::string& prefix) {
    std::vector<Override> found;
    add_overrides(found, from, prefix);
    return found;
}

}  // namespace apical

#include "circuits/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace apical {

namespace {

// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost one.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, change});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, now);
    }
    return last[b.size()];
}

}  // namespace

std::string text(const Where& where) {
    if (where.line == 0) return where.source;
    return fmt::format("{}:{}:{}", where.source, where.line, where.column);
}

std::string on_one_line(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = '?';
    }
    return text;
}

void reject(const Where& where, const std::string& sentence) {
    throw Error(ExitCode::bad_model, on_one_line(text(where) + ": " + sentence));
}

std::string did_you_mean(std::string_view found, const std::vector<std::string>& known) {
    constexpr std::size_t longest_name = 200;
    if (found.empty() || found.size() > longest_name) return "";
    const std::string* nearest = nullptr;
    std::size_t distance = std::max<std::size_t>(2, found.size() / 3) + 1;
    for (const std::string& name : known) {
        const std::size_t d = edit_distance(found, name);
        if (d < distance && d < std::max(found.size(), name.size())) {
            distance = d;
            nearest = &name;
        }
    }
    return nearest ? fmt::format(" Did you mean \"{}\"?", *nearest) : "";
}

std::string shortened(std::string_view text) {
    constexpr std::size_t most = 120;
    return text.size() <= most ? std::string(text) : std::string(text.substr(0, most)) + "...";
}

std::string list_of(const std::vector<std::string>& names) {
    return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace apical

#include "circuits/text/whole_number.hpp"

#include <charconv>

namespace apical {

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || text.front() == '-') return {};
    return number;
}

std::optional<WholeRange> whole_range(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return {};
    const auto first = whole_number(text.substr(0, colon)),
               end = whole_number(text.substr(colon + 1));
    if (!first || !end || *first >= *end) return {};
    return WholeRange{*first, *end};
}

}  // namespace apical

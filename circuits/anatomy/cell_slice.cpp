#include "circuits/anatomy/cell_slice.hpp"

#include <fmt/format.h>

#include <climits>
#include <optional>

#include "circuits/text/whole_number.hpp"

namespace apical {

namespace {

// Where a character of a text stands; where the text does, when its characters have no places.
Where where_of(const Value& text, std::size_t character) {
    const auto column = static_cast<int>(character);
    if (text.where.line == 0) return {text.where.source, 0, column + 1};
    if (text.start.line == 0) return text.where;
    return {text.where.source, text.start.line, text.start.column + column};
}

std::optional<int> number_of(std::string_view digits) {
    const std::optional<std::int64_t> number = whole_number(digits);
    if (!number || *number > INT_MAX) return std::nullopt;
    return static_cast<int>(*number);
}

}  // namespace

CellSlice cell_slice(const Section& section, std::string_view key) {
    CellSlice slice{.of = section.text(key)};
    const std::size_t begin = slice.of.text.find('[');
    if (begin == std::string::npos) return slice;
    slice.range = slice.of.text.substr(begin);
    slice.of.text.resize(begin);
    slice.where = where_of(section.value(key), begin);
    const std::size_t colon = slice.range.find(':');
    const bool has_ends = slice.range.back() == ']' && colon != std::string::npos && colon > 1 &&
                          colon + 2 < slice.range.size();
    const std::string_view range = slice.range;
    const std::optional<int> from = has_ends ? number_of(range.substr(1, colon - 1)) : std::nullopt,
                             until =
                                 has_ends
                                     ? number_of(range.substr(colon + 1, range.size() - colon - 2))
                                     : std::nullopt;
    if (!from || !until) {
        reject(slice.where,
               fmt::format("\"{}\" is no range of cells; expected the first and the one "
                           "after the last, as in \"{}[0:2]\"",
                           shortened(slice.range), shortened(slice.of.text)));
    }
    if (*from >= *until) {
        reject(slice.where, fmt::format("\"{}\" has no cells; expected the first and the one after "
                                        "the last, as in \"{}[0:2]\"",
                                        shortened(slice.text()), shortened(slice.of.text)));
    }
    slice.first = *from;
    slice.end = *until;
    return slice;
}

void check_slice(const CellSlice& slice, const Population& cells) {
    if (slice.is_all()) return;
    if (cells.role != Role::input && cells.role != Role::label) {
        reject(slice.where,
               fmt::format("\"{}\" is a part of cells that the circuit makes; expected "
                           "one of the input or the label, or \"{}\" and populations "
                           "of their own for its parts",
                           shortened(slice.text()), cells.name));
    }
    if (slice.end <= cells.size) return;
    reject(slice.where,
           fmt::format("\"{}\" ends behind the last of {} cells; expected an end of at "
                       "most {}",
                       shortened(slice.text()), cells.size, cells.size));
}

std::string name_of_part(std::string_view cells, int first, int count) {
    return first < 0 ? std::string(cells) : fmt::format("{}[{}:{}]", cells, first, first + count);
}

}  // namespace apical

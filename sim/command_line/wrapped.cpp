#include "sim/command_line/wrapped.hpp"

#include <algorithm>

#include "circuits/text/text.hpp"

namespace apical {

namespace {

constexpr std::size_t farthest_indentation = 50;

// The column where the text begins that goes on below.
std::size_t indentation_of(std::string_view line) {
    const std::size_t own = std::min(line.find_first_not_of(' '), line.size());
    const std::size_t gap = line.find("  ", own);
    const std::size_t column =
        gap == std::string_view::npos ? own : line.find_first_not_of(' ', gap);
    return column <= farthest_indentation ? column : own + 2;
}

// The end of what fits: the last space that does, or the first there is.
std::size_t break_of(std::string_view line, std::size_t begin, std::size_t columns) {
    std::size_t found = std::string_view::npos;
    for (std::size_t space = line.find(' ', begin); space != std::string_view::npos;
         space = line.find(' ', space + 1)) {
        const bool fits = characters_in(line.substr(0, space)) <= columns;
        if (!fits && found != std::string_view::npos) break;
        found = space;
        if (!fits) break;
    }
    return found;
}

void wrap_line(std::string& out, std::string line, std::size_t columns) {
    const std::size_t indentation = indentation_of(line);
    std::size_t begin = indentation;
    while (characters_in(line) > columns) {
        const std::size_t end = break_of(line, begin, columns);
        if (end == std::string::npos) break;
        out += line.substr(0, line.find_last_not_of(' ', end) + 1) + '\n';
        const std::size_t next = line.find_first_not_of(' ', end);
        if (next == std::string::npos) return;
        line = std::string(indentation, ' ') + line.substr(next);
        begin = indentation;
    }
    out += line + '\n';
}

}  // namespace

std::string wrapped(std::string_view text, std::size_t columns) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        wrap_line(out, std::string(text.substr(0, end)), columns);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

}  // namespace apical

#include "sim/show/inspect/matrix_part.hpp"

#include <fmt/format.h>

#include "circuits/text/error.hpp"
#include "circuits/text/trimmed.hpp"

namespace apical {

namespace {

[[noreturn]] void reject_part(const std::string& text) {
    throw Error(ExitCode::usage,
                fmt::format("\"{}\" is no part of a matrix; expected its address with the "
                            "postsynaptic and the presynaptic cell, as in \"W_rec[3, 17]\", or "
                            "ranges of them, as in \"W_rec[0:4, :]\"",
                            shortened(text)));
}

std::optional<CellRange> range_in(const std::string& cells, const std::string& text) {
    if (cells == ":") return std::nullopt;
    const bool is_clear = !cells.empty() && cells.find_first_not_of("0123456789:") == cells.npos;
    if (!is_clear) reject_part(text);
    try {
        return cell_range_of(cells);
    } catch (const Error&) {  // says it of an option
        reject_part(text);
    }
}

}  // namespace

MatrixPart matrix_part_of(const std::string& text) {
    const std::size_t open = text.rfind('['), comma = text.find(',', open);
    const bool is_part = open != std::string::npos && open > 0 && comma != std::string::npos &&
                         text.ends_with(']') && comma > open;
    if (!is_part) reject_part(text);
    const std::string_view all = text;
    return {.address = std::string(trimmed(all.substr(0, open))),
            .text = text,
            .post = range_in(std::string(trimmed(all.substr(open + 1, comma - open - 1))), text),
            .pre = range_in(std::string(trimmed(all.substr(comma + 1, text.size() - comma - 2))),
                            text)};
}

}  // namespace apical

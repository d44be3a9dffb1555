#include "sim/run_file/ranges.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/program/quantity_path.hpp"
#include "circuits/text/error.hpp"

namespace apical {

namespace {

struct Ends {
    std::int64_t first, last;
};

// "40:50", or "40" for both.
std::optional<Ends> ends_of(std::string_view text) {
    const std::size_t colon = text.find(':');
    const auto first = whole_number(text.substr(0, colon));
    const auto last =
        colon == std::string_view::npos ? first : whole_number(text.substr(colon + 1));
    if (!first || !last) return {};
    return Ends{*first, *last};
}

[[noreturn]] void unusable(std::string_view option, std::string_view text,
                           std::string_view expected) {
    throw Error(ExitCode::usage,
                fmt::format("{} {}: expected {}", option, shortened(text), expected));
}

CellRange range_of(std::string_view part, std::string_view text) {
    if (const auto ends = ends_of(part)) {
        const auto begin = static_cast<std::size_t>(ends->first);
        if (part.find(':') == std::string_view::npos) return {begin, begin + 1};
        if (ends->first < ends->last) return {begin, static_cast<std::size_t>(ends->last)};
    }
    unusable("`cells`", text, "cells and ranges of cells, as in 3,17,25 or 0:8, which has 0 to 7");
}

// A matrix of synapses has its postsynaptic cells, then its presynaptic ones.
std::string_view kind_of(const StoredQuantity& quantity, std::size_t dimension) {
    if (!quantity_path::is_of_synapses(quantity.path) || quantity.row.size() != 2) return "";
    return dimension == 0 ? "postsynaptic " : "presynaptic ";
}

[[noreturn]] void reject_cells(const StoredQuantity& quantity, std::size_t dimension,
                               const CellRange& range) {
    const std::size_t size = quantity.row[dimension];
    const std::vector<std::size_t>& chosen = quantity.chosen[dimension];
    const std::string_view kind = kind_of(quantity, dimension);
    std::string known = size == 1 ? fmt::format("1 {}cell", kind)
                                  : fmt::format("{} {}cells, 0 to {}", size, kind, size - 1);
    if (!chosen.empty()) known = fmt::format("recorded {}cells {}", kind, fmt::join(chosen, ", "));
    throw Error(ExitCode::usage, fmt::format("`cells` {}: \"{}\" has {}", text_of(CellList{range}),
                                             quantity.address, shortened(known)));
}

}  // namespace

CellList cells_of(const std::string& text) {
    CellList all;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        all.push_back(range_of(std::string_view(text).substr(begin, end - begin), text));
        begin = end + 1;
    }
    std::sort(all.begin(), all.end(),
              [](const CellRange& a, const CellRange& b) { return a.begin < b.begin; });
    for (std::size_t k = 1; k < all.size(); ++k) {
        if (all[k].begin >= all[k - 1].end) continue;
        throw Error(ExitCode::usage, fmt::format("`cells` {}: the cell {} is named twice",
                                                 shortened(text), all[k].begin));
    }
    return all;
}

CellRange cell_range_of(const std::string& text) { return range_of(text, text); }

std::string text_of(const CellList& cells) {
    std::string text;
    for (const CellRange& one : cells) {
        text += text.empty() ? "" : ",";
        text += one.end == one.begin + 1 ? fmt::format("{}", one.begin)
                                         : fmt::format("{}:{}", one.begin, one.end);
    }
    return text;
}

std::size_t cell_at(const StoredQuantity& quantity, std::size_t dimension, std::size_t place) {
    const std::vector<std::size_t>& chosen = quantity.chosen.at(dimension);
    return chosen.empty() ? place : chosen[place];
}

std::vector<CellPlace> places_among(const StoredQuantity& quantity, std::size_t dimension,
                                    const CellList& cells) {
    std::vector<CellPlace> all;
    for (std::size_t place = 0; place < quantity.row[dimension]; ++place) {
        const std::size_t cell = cell_at(quantity, dimension, place);
        const bool is_among = std::any_of(cells.begin(), cells.end(), [&](const CellRange& range) {
            return range.begin <= cell && cell < range.end;
        });
        if (is_among) all.push_back({cell, place});
    }
    return all;
}

std::vector<CellPlace> places_in(const StoredQuantity& quantity, std::size_t dimension,
                                 const std::optional<CellList>& cells) {
    if (!cells) return places_among(quantity, dimension, {{0, SIZE_MAX}});
    for (const CellRange& range : *cells) {
        if (places_among(quantity, dimension, {range}).empty())
            reject_cells(quantity, dimension, range);
    }
    return places_among(quantity, dimension, *cells);
}

std::vector<double> read_places(const StoredRun& run, const StoredQuantity& quantity,
                                const RowRange& rows, std::size_t phase,
                                const std::vector<CellPlace>& places) {
    if (places.empty()) return {};
    const std::size_t begin = places.front().place, width = places.back().place + 1 - begin;
    std::vector<double> numbers =
        run.read_part(quantity, rows.first, rows.count, phase, begin, width);
    if (width == places.size()) return numbers;
    std::vector<double> chosen;
    chosen.reserve(rows.count * places.size());
    for (std::uint64_t row = 0; row < rows.count; ++row) {
        for (const CellPlace& one : places)
            chosen.push_back(numbers[row * width + one.place - begin]);
    }
    return chosen;
}

StepRange steps_of(const std::string& text) {
    const auto ends = ends_of(text);
    if (ends && ends->first <= ends->last) return {ends->first, ends->last};
    unusable(
        "`steps`", text,
        "a range of steps, as in 40:50, which has both, or one, as in 40; step 0 is what there "
        "was before the first");
}

void check_end(const StepRange& steps, const StoredRun& run) {
    if (steps.last <= run.end() || steps.last == INT64_MAX) return;
    throw Error(ExitCode::usage, fmt::format("`steps` {}:{}: {} ends with step {}", steps.first,
                                             steps.last, run.path(), run.end()));
}

std::int64_t step_of(const std::string& text) {
    if (const auto step = whole_number(text)) return *step;
    unusable("`at`", text, "a step, a whole number; 0 is what there was before the first");
}

RowRange rows_in(const StoredRun& run, std::size_t axis, const StepRange& steps) {
    const std::uint64_t first = run.row_of(axis, steps.first);
    const std::uint64_t end =
        steps.last == INT64_MAX ? run.axes()[axis].rows : run.row_of(axis, steps.last + 1);
    return {first, std::max(first, end) - first};
}

RowRange sampled_rows_in(const StoredRun& run, std::size_t axis, const StepRange& steps) {
    const RowRange rows = rows_in(run, axis, steps);
    const std::uint64_t end = rows.first + rows.count;
    const std::uint64_t first = std::max(rows.first, run.axes()[axis].start_rows);
    return {first, std::max(first, end) - first};
}

}  // namespace apical

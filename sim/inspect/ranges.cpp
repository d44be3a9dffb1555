#include "sim/inspect/ranges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "circuits/error.hpp"

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

}  // namespace

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || text.front() == '-') return {};
    return number;
}

CellRange cells_of(const std::string& text) {
    if (const auto ends = ends_of(text)) {
        const auto begin = static_cast<std::size_t>(ends->first);
        if (text.find(':') == std::string::npos) return {begin, begin + 1};
        if (ends->first < ends->last) return {begin, static_cast<std::size_t>(ends->last)};
    }
    unusable("--cells", text, "a range of cells, as in 0:8, or one, as in 3");
}

StepRange steps_of(const std::string& text) {
    const auto ends = ends_of(text);
    if (ends && 1 <= ends->first && ends->first <= ends->last) return {ends->first, ends->last};
    unusable("--steps", text,
             "a range of steps, as in 40:50, which has both, or one, as in 40; they count from 1");
}

void check_end(const StepRange& steps, const StoredRun& run) {
    if (steps.last <= run.end() || steps.last == INT64_MAX) return;
    throw Error(ExitCode::usage, fmt::format("--steps {}:{}: {} ends with step {}", steps.first,
                                             steps.last, run.path(), run.end()));
}

std::int64_t step_of(const std::string& text) {
    if (const auto step = whole_number(text); step && *step >= 1) return *step;
    unusable("--at", text, "a step, a whole number from 1 on");
}

RowRange rows_in(const StoredRun& run, std::size_t axis, const StepRange& steps) {
    const std::uint64_t first = run.row_of(axis, steps.first);
    const std::uint64_t end =
        steps.last == INT64_MAX ? run.axes()[axis].rows : run.row_of(axis, steps.last + 1);
    return {first, std::max(first, end) - first};
}

}  // namespace apical

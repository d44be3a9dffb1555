#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/inspect/stored_run.hpp"

namespace apical {

// What commands on run files are asked for: some cells, some steps.

// Cells [begin, end) of every population; `end` beyond a population's size is its size.
struct CellRange {
    std::size_t begin = 0, end = 8;
};

// Steps first, ..., last: as `from` and `to` in a model file, the last is one of them.
struct StepRange {
    std::int64_t first = 1, last = INT64_MAX;
};

// Digits and nothing else; nothing for what is none, or beyond 63 bits.
std::optional<std::int64_t> whole_number(std::string_view text);

// "0:8", or "3" for one cell. Throws Error{usage}.
CellRange cells_of(const std::string& text);

// "40:50", or "40" for one step. Throws Error{usage}.
StepRange steps_of(const std::string& text);

// Throws Error{usage} when the run ends before the last of the steps; of all steps it never does.
void check_end(const StepRange& steps, const StoredRun& run);

// A whole number from 1 on. Throws Error{usage}.
std::int64_t step_of(const std::string& text);

// Rows [first, first + count) of an axis.
struct RowRange {
    std::uint64_t first = 0, count = 0;
};

// The rows whose steps are among these; steps must rise, as for StoredRun::row_of.
RowRange rows_in(const StoredRun& run, std::size_t axis, const StepRange& steps);

}  // namespace apical

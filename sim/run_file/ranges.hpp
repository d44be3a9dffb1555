#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/text/whole_number.hpp"
#include "sim/run_file/stored_run.hpp"

namespace apical {

// The windows that commands on run files take: some cells, some steps.

// Cells [begin, end) of every population; `end` beyond a population's size is its size.
struct CellRange {
    std::size_t begin = 0, end = 8;
    bool operator==(const CellRange&) const = default;
};

// Rising, apart from each other.
using CellList = std::vector<CellRange>;

// Steps first, ..., last: as `from` and `to` in a model file, the last is one of them. Step 0 is
// what there was before the first.
struct StepRange {
    std::int64_t first = 0, last = INT64_MAX;
};

// "3,17,25", "0:8", or both, as in "0:8,12". Throws Error{usage} for what is none of these, and for
// a cell that is named twice.
CellList cells_of(const std::string& text);
// One range of them. Throws Error{usage}.
CellRange cell_range_of(const std::string& text);
// The list as users write it.
std::string text_of(const CellList& cells);

// A cell, and where its numbers are among those that were recorded.
struct CellPlace {
    std::size_t cell = 0, place = 0;
};
// The cell whose numbers stand at this place of a dimension of a row.
std::size_t cell_at(const StoredQuantity& quantity, std::size_t dimension, std::size_t place);
// The places of some cells in a dimension of a row of a quantity, in order; those that it does not
// have, or did not record, are left out.
std::vector<CellPlace> places_among(const StoredQuantity& quantity, std::size_t dimension,
                                    const CellList& cells);
// The places of `cells`, as `places_among` has them; all places when no cells are asked for. Throws
// Error{usage} when there is none of a range.
std::vector<CellPlace> places_in(const StoredQuantity& quantity, std::size_t dimension,
                                 const std::optional<CellList>& cells);

// "40:50", or "40" for one step. Throws Error{usage}.
StepRange steps_of(const std::string& text);

// Throws Error{usage} when the run ends before the last of the steps; of all steps it never does.
void check_end(const StepRange& steps, const StoredRun& run);

// A whole number from 0 on. Throws Error{usage}.
std::int64_t step_of(const std::string& text);

// Rows [first, first + count) of an axis.
struct RowRange {
    std::uint64_t first = 0, count = 0;
};

// The numbers of rows at these places of their last dimension, in one phase: rows x places.
std::vector<double> read_places(const StoredRun& run, const StoredQuantity& quantity,
                                const RowRange& rows, std::size_t phase,
                                const std::vector<CellPlace>& places);

// The rows whose steps are among these; steps must rise, as for StoredRun::row_of.
RowRange rows_in(const StoredRun& run, std::size_t axis, const StepRange& steps);
// The rows of `rows_in` without those of before the first step.
RowRange sampled_rows_in(const StoredRun& run, std::size_t axis, const StepRange& steps);

}  // namespace apical

#pragma once

#include <cstdint>
#include <vector>

#include "sim/inspect/inspect.hpp"

namespace apical {

// Rows [first, first + rows) of an axis. With per = 1 each is a point of the page; otherwise
// every `per` of them are two points, their least and their greatest numbers.
struct Segment {
    std::uint64_t first = 0, rows = 0, per = 1;

    std::uint64_t points() const { return per == 1 ? rows : 2 * ((rows + per - 1) / per); }
};

// A stretch of rows that were sampled in one step after the other.
struct Window {
    std::uint64_t first = 0, rows = 0;
    std::int64_t step = 0;  // of its first row
};

// Those of at least ten rows.
std::vector<Window> windows_of(const StoredRun& run, std::size_t axis);

// All rows of an axis in at most `room` points (some more where there is room for less than a
// hundred): each row a point when they fit; otherwise the
// windows keep their rows as far as half of the room goes, the shortest first and of the last
// one its beginning and its end, and what lies between is thinned to the other half.
std::vector<Segment> segments_of(std::uint64_t rows, std::vector<Window> windows,
                                 std::uint64_t room);

// The steps of the points: of a row, or of the first and the last of the rows that two points
// stand for.
std::vector<double> point_steps(const StoredRun& run, std::size_t axis,
                                const std::vector<Segment>& segments);

// [point][phase][cell] of a quantity with at most one number a cell and phase.
std::vector<float> point_values(const StoredRun& run, const StoredQuantity& quantity,
                                const CellRange& cells, const std::vector<Segment>& segments);

// Means over `blocks` blocks of rows of a number that is sampled once a step, leaving out what is
// not a number.
std::vector<float> block_means(const StoredRun& run, const StoredQuantity& quantity,
                               std::uint64_t blocks);

// How many phases and cells of a quantity there are to show; 1 of what has none.
std::size_t phases_of(const StoredQuantity& quantity);
CellRange shown_cells(const StoredQuantity& quantity, const CellRange& cells);

}  // namespace apical

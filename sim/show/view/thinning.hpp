#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/show/inspect/inspect.hpp"

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

// The windows of an axis that have at least ten rows. `first` counts from the first sampled row.
std::vector<Window> windows_of(const StoredRun& run, std::size_t axis);

// All rows of an axis in at most `room` points (some more where there is room for less than a
// hundred): each row a point when they fit; otherwise the
// windows, at most 32 of them, keep their rows as far as half of the room goes, the shortest first
// and of the last one its beginning and its end, and what lies between is thinned to the other
// half.
std::vector<Segment> segments_of(std::uint64_t rows, std::vector<Window> windows,
                                 std::uint64_t room);

// The steps of the points: of a row, or of the first and the last of the rows that two points
// stand for.
std::vector<double> point_steps(const StoredRun& run, std::size_t axis,
                                const std::vector<Segment>& segments);

// Numbers as a page has them. What a float cannot hold is not a number there, and is counted.
struct Rounded {
    std::vector<float> numbers;
    std::uint64_t beyond = 0;
};

// Makes what a float cannot hold not a number; returns how many those are.
std::uint64_t drop_beyond(std::vector<double>& numbers);

// [point][phase][cell] of a quantity with at most one number a cell and phase.
Rounded point_values(const StoredRun& run, const StoredQuantity& quantity, const CellRange& cells,
                     const std::vector<Segment>& segments);

// The first row of a block, where `blocks` blocks share `rows` rows.
std::uint64_t first_of_block(std::uint64_t block, std::uint64_t blocks, std::uint64_t rows);

// Means over such blocks of a number that is sampled once a step, leaving out what is not a number
// and what a float cannot hold.
std::vector<float> block_means(const StoredRun& run, const StoredQuantity& quantity,
                               std::uint64_t blocks);

// The number of steps in which at least one of the axes has a row.
std::uint64_t steps_sampled(const StoredRun& run, const std::vector<std::size_t>& axes);

// How many phases of a quantity there are to show; 1 of what has none.
std::size_t phases_of(const StoredQuantity& quantity);
// The places of the numbers of these cells among those that were recorded.
CellRange shown_cells(const StoredQuantity& quantity, const CellRange& cells);

}  // namespace apical

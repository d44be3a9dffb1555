#pragma once

#include "sim/engine/kernels/tile_tables.hpp"

// The way through a matrix by tiles, in which a register program is performed. In an unnamed
// namespace, as vector_math.hpp is.
//
// Rows behind the last one hold whatever a formula makes of zeros, until the panel's tiles are
// done: then they are cleared.
namespace apical {
namespace {

namespace tile {

struct Tile {
    std::size_t entry, row, column;  // its first ones
    std::size_t height, columns;
};

APICAL_INLINE double* place_of(const TileOperand& one, const TileProgram& program,
                               const Tile& tile) {
    if (!one.numbers) return program.registers + one.place;
    return one.numbers + (one.by_entry ? tile.entry : 0) + (one.by_row ? tile.row : 0) +
           (one.by_column ? tile.column : 0);
}

APICAL_INLINE void perform(const TileInstruction& one, const TileProgram& program,
                           const Tile& tile) {
    const double* in[most_loop_operands] = {};
    for (std::size_t k = 0; k < one.count; ++k) in[k] = place_of(one.in[k], program, tile);
    const bool tiles = one.over == At::entry;
    const std::size_t height = tiles || one.over == At::row ? tile.height
                               : one.over == At::column     ? padded(tile.columns)
                                                            : width;
    one.loop(place_of(one.out, program, tile), in, height, tiles ? tile.columns : 1);
}

// Rows behind the last one of the last panel, of all columns.
inline void clear_rows_behind(double* panel, std::size_t rows, std::size_t height,
                              std::size_t columns) {
    alignas(64) static constexpr double lane[] = {0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0};
    const Ints<8> used = load(lane) < static_cast<double>(rows % width);
    double* last = panel + height - width;
    for (std::size_t j = 0; j < columns; ++j, last += height)
        store(last, select(used, load(last), Eight{}));
}

// Performs a program's instructions from `begin` to `end`.
APICAL_INLINE void perform(const TileProgram& program, std::size_t begin, std::size_t end,
                           const Tile& tile) {
    for (std::size_t k = begin; k < end; ++k) perform(program.instructions[k], program, tile);
}

}  // namespace tile

void synaptic(const Step& s) {
    const TileProgram& program = *s.tiles;
    const std::size_t end = program.first_row + s.rows;
    tile::perform(program, 0, program.numbers_end, {});
    for (std::size_t first = program.first_row; first < end; first += panel_rows) {
        const std::size_t height = panel_height(first, end);
        tile::perform(program, program.numbers_end, program.rows_end, {0, first, 0, height, 0});
        for (std::size_t j = 0; j < s.columns; j += tile_columns) {
            const std::size_t left = s.columns - j;
            tile::perform(program, program.rows_end, program.count,
                          {first * s.columns + j * height, first, j, height,
                           left < tile_columns ? left : tile_columns});
        }
        if (end - first < height)
            tile::clear_rows_behind(s.out + first * s.columns, end - first, height, s.columns);
    }
}

}  // namespace
}  // namespace apical

#pragma once

#include "circuits/program/formula.hpp"
#include "sim/engine/kernels/tiles.hpp"

namespace apical {

// The way in which a loop reads an operand of this index.
At at_of(Index index);
// The place of what is made of both: an entry, of a row and a column.
At place_of_both(At a, At b);
// The order in which values are made: one for all, for each row, and what is made for each tile.
int first_made(At over);

// The numbers of a slot or a constant, one for each of these.
TileOperand operand_at(double* numbers, At at);

// A value while a program is written: where it is, one for each of what.
struct TileValue {
    TileOperand where = {};
    At at = At::nothing;
};

}  // namespace apical

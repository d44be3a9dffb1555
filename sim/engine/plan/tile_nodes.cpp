#include "sim/engine/plan/tile_nodes.hpp"

namespace apical {

At at_of(Index index) {
    switch (index) {
        case Index::post:
            return At::row;
        case Index::pre:
            return At::column;
        case Index::synapse:
            return At::entry;
        case Index::all:
            return At::number;
    }
    return At::nothing;
}

At place_of_both(At a, At b) {
    if (a == b || b == At::number) return a;
    return a == At::number ? b : At::entry;
}

int first_made(At over) { return over == At::number ? 0 : over == At::row ? 1 : 2; }

TileOperand operand_at(double* numbers, At at) {
    return {.numbers = numbers,
            .by_entry = at == At::entry,
            .by_row = at == At::row,
            .by_column = at == At::column};
}

}  // namespace apical

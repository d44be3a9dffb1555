#include "sim/engine/plan/tile_nodes.hpp"

#include <cassert>

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

std::optional<TileJoin> join_of(Node node) {
    switch (node) {
        case Node::add:
            return TileJoin::add;
        case Node::subtract:
            return TileJoin::subtract;
        case Node::multiply:
            return TileJoin::multiply;
        case Node::divide:
            return TileJoin::divide;
        case Node::minimum:
            return TileJoin::minimum;
        case Node::maximum:
            return TileJoin::maximum;
        case Node::number:
        case Node::operand:
        case Node::power:
        case Node::select:
        case Node::absolute:
        case Node::sign:
        case Node::step:
        case Node::root:
        case Node::exponential:
        case Node::logarithm:
        case Node::tanh:
        case Node::logistic:
        case Node::rectified:
            break;
    }
    return {};
}

TileFunction function_of(Node node) {
    switch (node) {
        case Node::absolute:
            return TileFunction::absolute;
        case Node::sign:
            return TileFunction::sign;
        case Node::step:
            return TileFunction::step;
        case Node::root:
            return TileFunction::root;
        case Node::exponential:
            return TileFunction::exponential;
        case Node::logarithm:
            return TileFunction::logarithm;
        case Node::tanh:
            return TileFunction::tanh;
        case Node::logistic:
            return TileFunction::logistic;
        case Node::rectified:
            return TileFunction::rectified;
        case Node::number:
        case Node::operand:
        case Node::add:
        case Node::subtract:
        case Node::multiply:
        case Node::divide:
        case Node::power:
        case Node::minimum:
        case Node::maximum:
        case Node::select:
            break;
    }
    assert(!"a node that is no function of one value");
    return TileFunction::absolute;
}

}  // namespace apical

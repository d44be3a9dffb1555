#include "sim/engine/plan/tile_nodes.hpp"

#include <cassert>

namespace apical {

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

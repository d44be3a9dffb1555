#include "sim/engine/plan/node_calls.hpp"

namespace apical {

FormulaCall call_of(Node node) {
    switch (node) {
        case Node::number:
        case Node::operand:
            return FormulaCall::copy;
        case Node::add:
            return FormulaCall::add;
        case Node::subtract:
            return FormulaCall::subtract;
        case Node::multiply:
            return FormulaCall::multiply;
        case Node::divide:
            return FormulaCall::divide;
        case Node::power:
            return FormulaCall::power;
        case Node::minimum:
            return FormulaCall::minimum;
        case Node::maximum:
            return FormulaCall::maximum;
        case Node::select:
            return FormulaCall::select;
        case Node::absolute:
            return FormulaCall::absolute;
        case Node::sign:
            return FormulaCall::sign;
        case Node::step:
            return FormulaCall::step;
        case Node::root:
            return FormulaCall::root;
        case Node::exponential:
            return FormulaCall::exponential;
        case Node::logarithm:
            return FormulaCall::logarithm;
        case Node::tanh:
            return FormulaCall::tanh;
        case Node::logistic:
            return FormulaCall::logistic;
        case Node::rectified:
            return FormulaCall::rectified;
    }
    return FormulaCall::copy;
}

}  // namespace apical

#include "circuits/program/formula_value.hpp"

#include <cmath>
#include <cstdlib>
#include <vector>

namespace apical {

namespace {

// Returns `by` itself when it is no number.
double selected(double by, double above, double at_zero, double below) {
    if (by > 0.0) return above;
    if (by < 0.0) return below;
    return by == 0.0 ? at_zero : by;
}

double raised_to(double x, int exponent) {
    double product = 1.0;
    for (int k = 0; k < std::abs(exponent); ++k) product *= x;
    return exponent < 0 ? 1.0 / product : product;
}

}  // namespace

double value_of(const FormulaNode& node, double a, double b, double c) {
    switch (node.node) {
        case Node::number:
            return node.number;
        case Node::operand:
            return a;
        case Node::add:
            return a + b;
        case Node::subtract:
            return a - b;
        case Node::multiply:
            return a * b;
        case Node::divide:
            return a / b;
        case Node::power:
            return raised_to(a, static_cast<int>(node.number));
        case Node::minimum:
            return std::isnan(a) || a < b ? a : b;
        case Node::maximum:
            return std::isnan(a) || a > b ? a : b;
        case Node::select:
            return selected(a, b, c, c);
        case Node::absolute:
            return std::abs(a);
        case Node::sign:
            return selected(a, 1.0, a, -1.0);
        case Node::step:
            return selected(a, 1.0, 0.0, 0.0);
        case Node::root:
            return std::sqrt(a);
        case Node::exponential:
            return std::exp(a);
        case Node::logarithm:
            return std::log(a);
        case Node::tanh:
            return std::tanh(a);
        case Node::logistic:
            return 1.0 / (1.0 + std::exp(-a));
        case Node::rectified:
            return a < 0.0 ? 0.0 : a;
    }
    return a;
}

double value_of(const Formula& formula, double x) {
    std::vector<double> values;
    for (const FormulaNode& node : formula) {
        const auto of = [&](int k) { return k < arity(node.node) ? values[child(node, k)] : x; };
        values.push_back(value_of(node, of(0), of(1), of(2)));
    }
    return values.back();
}

}  // namespace apical

#include "circuits/program/formula_builder.hpp"

#include <algorithm>

#include "circuits/program/formula_value.hpp"

namespace apical {

FormulaNode moved(FormulaNode node, const std::vector<std::uint16_t>& at) {
    const int children = arity(node.node);
    if (children > 0) node.a = at[node.a];
    if (children > 1) node.b = at[node.b];
    if (children > 2) node.c = at[node.c];
    return node;
}

std::uint16_t FormulaBuilder::add(const FormulaNode& node) {
    const auto known = std::find(nodes_.begin(), nodes_.end(), node);
    if (known != nodes_.end()) return static_cast<std::uint16_t>(known - nodes_.begin());
    nodes_.push_back(node);
    return static_cast<std::uint16_t>(nodes_.size() - 1);
}

std::uint16_t FormulaBuilder::made(Node node, std::uint16_t a, std::uint16_t b, std::uint16_t c) {
    const int children = arity(node);
    const FormulaNode whole{.node = node,
                            .a = a,
                            .b = children > 1 ? b : std::uint16_t{0},
                            .c = children > 2 ? c : std::uint16_t{0}};
    const std::optional<std::uint16_t> known = shorter(whole);
    return known ? *known : add(whole);
}

std::uint16_t FormulaBuilder::power(std::uint16_t of, int exponent) {
    if (exponent == 0) return number(1.0);
    if (exponent == 1) return of;
    const FormulaNode whole{.node = Node::power, .a = of, .number = static_cast<double>(exponent)};
    const std::optional<std::uint16_t> known = shorter(whole);
    return known ? *known : add(whole);
}

// The node that has the value already, or a constant; nothing when the node must be made.
std::optional<std::uint16_t> FormulaBuilder::shorter(const FormulaNode& node) {
    const auto value = [&](int k) -> const FormulaNode& {
        return nodes_[child(node, std::min(k, arity(node.node) - 1))];
    };
    const auto is_constant = [&](int k) { return value(k).node == Node::number; };
    if (is_constant(0) && is_constant(1) && is_constant(2))
        return number(value_of(node, value(0).number, value(1).number, value(2).number));
    const auto is = [&](std::uint16_t place, double x) { return is_number(place, x); };
    switch (node.node) {
        case Node::add:
            if (is(node.a, 0.0)) return node.b;
            if (is(node.b, 0.0)) return node.a;
            break;
        case Node::subtract:
            if (is(node.b, 0.0)) return node.a;
            if (is(node.a, 0.0)) return made(Node::multiply, number(-1.0), node.b);
            break;
        case Node::multiply:
            if (is(node.a, 0.0) || is(node.b, 1.0)) return node.a;
            if (is(node.b, 0.0) || is(node.a, 1.0)) return node.b;
            break;
        case Node::divide:
            if (is(node.a, 0.0) || is(node.b, 1.0)) return node.a;
            break;
        case Node::select:
            if (node.b == node.c) return node.b;
            break;
        case Node::number:
        case Node::operand:
        case Node::power:
        case Node::minimum:
        case Node::maximum:
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
    return std::nullopt;
}

std::uint16_t FormulaBuilder::like(const FormulaNode& node, const std::vector<std::uint16_t>& at) {
    if (node.node == Node::number) return number(node.number);
    if (node.node == Node::power) return power(at[node.a], static_cast<int>(node.number));
    const FormulaNode own = moved(node, at);
    return made(own.node, own.a, own.b, own.c);
}

std::uint16_t FormulaBuilder::composed(const Formula& formula, std::uint16_t x) {
    return composed(formula, std::vector<std::uint16_t>(places_of(formula), x));
}

std::uint16_t FormulaBuilder::composed(const Formula& formula,
                                       const std::vector<std::uint16_t>& operands) {
    std::vector<std::uint16_t> at;
    for (const FormulaNode& node : formula)
        at.push_back(node.node == Node::operand ? operands[node.a] : like(node, at));
    return at.back();
}

Formula FormulaBuilder::formula(std::uint16_t value) const {
    std::vector<bool> is_read(value + std::size_t{1});
    is_read[value] = true;
    for (std::size_t place = is_read.size(); place-- > 0;) {
        if (!is_read[place]) continue;
        for (int k = 0; k < arity(nodes_[place].node); ++k) is_read[child(nodes_[place], k)] = true;
    }
    Formula all;
    std::vector<std::uint16_t> at(is_read.size());
    for (std::size_t place = 0; place < is_read.size(); ++place) {
        if (!is_read[place]) continue;
        at[place] = static_cast<std::uint16_t>(all.size());
        all.push_back(moved(nodes_[place], at));
    }
    return all;
}

}  // namespace apical

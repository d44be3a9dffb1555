#include "circuits/program/formula_derivative.hpp"

#include <cstdint>
#include <utility>
#include <vector>

#include "circuits/program/formula_builder.hpp"

namespace apical {

namespace {

class Derivative {
public:
    explicit Derivative(const Formula& formula) : formula_(formula) {
        for (const FormulaNode& node : formula) {
            const bool is_x = node.node == Node::operand;
            values_.push_back(is_x ? b_.operand(node.a, node.index) : b_.like(node, values_));
            slopes_.push_back(slope(node, values_.back()));
        }
    }
    Formula whole() const { return b_.formula(slopes_.back()); }

private:
    using Place = std::uint16_t;

    Place product(Place a, Place b) { return b_.made(Node::multiply, a, b); }

    // `value` is the node's own.
    Place slope(const FormulaNode& node, Place value) {
        const bool is_made = arity(node.node) > 0;
        const Place a = is_made ? values_[node.a] : value;
        const Place da = is_made ? slopes_[node.a] : Place{0};
        switch (node.node) {
            case Node::number:
            case Node::sign:
            case Node::step:
                return b_.number(0.0);
            case Node::operand:
                return b_.number(node.a == 0 ? 1.0 : 0.0);
            case Node::add:
            case Node::subtract:
                return b_.made(node.node, da, slopes_[node.b]);
            case Node::multiply:
                return of_product(node);
            case Node::divide:
                return of_quotient(node, value);
            case Node::power:
                return product(of_power(a, value, static_cast<int>(node.number)), da);
            case Node::minimum:
                return chosen(values_[node.b], a, node);
            case Node::maximum:
                return chosen(a, values_[node.b], node);
            case Node::select:
                return b_.made(Node::select, a, slopes_[node.b], slopes_[node.c]);
            case Node::absolute:
                return product(b_.made(Node::sign, a), da);
            case Node::root:
                return b_.made(Node::divide, da, product(b_.number(2.0), value));
            case Node::exponential:
                return product(value, da);
            case Node::logarithm:
                return of_logarithm(node);
            case Node::tanh:
                return product(b_.made(Node::subtract, b_.number(1.0), b_.power(value, 2)), da);
            case Node::logistic:
                return product(product(value, b_.made(Node::subtract, b_.number(1.0), value)), da);
            case Node::rectified:
                return product(b_.made(Node::step, a), da);
        }
        return b_.number(0.0);
    }

    // (a b)' = a' b + a b', (a^2)' = 2 a a'
    Place of_product(const FormulaNode& node) {
        const Place a = values_[node.a], b = values_[node.b];
        if (a == b) return product(product(b_.number(2.0), a), slopes_[node.a]);
        return b_.made(Node::add, product(slopes_[node.a], b), product(a, slopes_[node.b]));
    }

    // (a / b)' = a' / b - (a / b) / b b'
    Place of_quotient(const FormulaNode& node, Place value) {
        const Place b = values_[node.b];
        return b_.made(Node::subtract, b_.made(Node::divide, slopes_[node.a], b),
                       product(b_.made(Node::divide, value, b), slopes_[node.b]));
    }

    // (a^n)' = n a^(n - 1) a', of which this is n a^(n - 1)
    Place of_power(Place a, Place value, int n) {
        const bool is_lowest = n == -highest_power;
        const Place lower = is_lowest ? b_.made(Node::divide, value, a) : b_.power(a, n - 1);
        return product(b_.number(n), lower);
    }

    // a' where larger > smaller, else b'.
    Place chosen(Place larger, Place smaller, const FormulaNode& node) {
        const Place da = slopes_[node.a], db = slopes_[node.b];
        if (da == db) return da;
        return b_.made(Node::select, b_.made(Node::subtract, larger, smaller), da, db);
    }

    // log(a)' = a' / a, log(1 + exp(u))' = logistic(u) u'
    Place of_logarithm(const FormulaNode& node) {
        const FormulaNode& sum = formula_[node.a];
        if (sum.node == Node::add) {
            for (const auto& [one, other] : {std::pair(sum.a, sum.b), std::pair(sum.b, sum.a)}) {
                const bool is_softplus = formula_[one].node == Node::number &&
                                         formula_[one].number == 1.0 &&
                                         formula_[other].node == Node::exponential;
                if (!is_softplus) continue;
                const Place u = formula_[other].a;
                return product(b_.made(Node::logistic, values_[u]), slopes_[u]);
            }
        }
        return b_.made(Node::divide, slopes_[node.a], values_[node.a]);
    }

    const Formula& formula_;
    FormulaBuilder b_;
    std::vector<Place> values_, slopes_;  // by node of the formula
};

}  // namespace

Formula derivative(const Formula& formula) { return Derivative(formula).whole(); }

}  // namespace apical

#include "sim/audit/formula_bounds.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <utility>

namespace apical {

namespace {

constexpr double beyond_all = std::numeric_limits<double>::infinity();
constexpr Interval any_value = {-beyond_all, beyond_all};

// What spans these values; anything when one is no number, as infinity - infinity is.
Interval spanned(std::initializer_list<double> values) {
    for (const double value : values) {
        if (std::isnan(value)) return any_value;
    }
    return {std::min(values), std::max(values)};
}

Interval either(const Interval& a, const Interval& b) {
    return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

bool holds_zero(const Interval& a) { return a.low <= 0.0 && a.high >= 0.0; }

Interval size_within(const Interval& a) {
    const double low = std::abs(a.low), high = std::abs(a.high);
    return {holds_zero(a) ? 0.0 : std::min(low, high), std::max(low, high)};
}

// 1 / a. Nothing is known where a may be 0: 1 / -0 is -infinity, whatever sign a has else.
Interval inverse(const Interval& a) {
    return holds_zero(a) ? any_value : spanned({1.0 / a.low, 1.0 / a.high});
}

double raised(double x, int exponent) {
    double product = 1.0;
    for (int k = 0; k < exponent; ++k) product *= x;
    return product;
}

Interval power_of(const Interval& a, int exponent) {
    if (exponent < 0) return inverse(power_of(a, -exponent));
    const Interval of = exponent % 2 == 0 ? size_within(a) : a;
    return {raised(of.low, exponent), raised(of.high, exponent)};
}

// A function that never decreases.
template <class F>
Interval rising(const Interval& a, F f) {
    return {f(a.low), f(a.high)};
}

double sign_of(double x) { return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : 0.0; }

class FormulaBounds {
public:
    FormulaBounds(const Formula& formula, const std::vector<Interval>& operands)
        : formula_(formula), operands_(operands) {
        for (const FormulaNode& node : formula) known_.push_back(of(node));
    }
    std::vector<Interval> all() && { return std::move(known_); }

private:
    Interval of(const FormulaNode& node) const {
        const auto at = [&](int k) -> const Interval& {
            return k < arity(node.node) ? known_[child(node, k)] : any_value;
        };
        const Interval &a = at(0), &b = at(1);
        switch (node.node) {
            case Node::number:
                return {node.number, node.number};
            case Node::operand:
                return operands_[node.a];
            case Node::add:
                return {spanned({a.low + b.low}).low, spanned({a.high + b.high}).high};
            case Node::subtract:
                return {spanned({a.low - b.high}).low, spanned({a.high - b.low}).high};
            case Node::multiply:
                return product(node);
            case Node::divide:
                return quotient_of(a, b);
            case Node::power:
                return power_of(a, static_cast<int>(node.number));
            case Node::minimum:
                return {std::min(a.low, b.low), std::min(a.high, b.high)};
            case Node::maximum:
                return {std::max(a.low, b.low), std::max(a.high, b.high)};
            case Node::select:
                return a.low > 0.0 ? b : a.high <= 0.0 ? at(2) : either(b, at(2));
            case Node::absolute:
                return size_within(a);
            case Node::sign:
                return rising(a, sign_of);
            case Node::step:
                return rising(a, [](double x) { return x > 0.0 ? 1.0 : 0.0; });
            case Node::root:
                return rising(a, [](double x) { return std::sqrt(std::max(x, 0.0)); });
            case Node::exponential:
                return rising(a, [](double x) { return std::exp(x); });
            case Node::logarithm:
                return rising(a, [](double x) { return std::log(std::max(x, 0.0)); });
            case Node::tanh:
                return rising(a, [](double x) { return std::tanh(x); });
            case Node::logistic:
                return rising(a, [](double x) { return 1.0 / (1.0 + std::exp(-x)); });
            case Node::rectified:
                return rising(a, [](double x) { return std::max(x, 0.0); });
        }
        return any_value;
    }

    static Interval quotient_of(const Interval& a, const Interval& b) {
        if (holds_zero(b)) return any_value;
        return spanned({a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high});
    }

    // Factors that are the same are counted together, so that 2 x (x y) is 2 x^2 y.
    Interval product(const FormulaNode& node) const {
        std::vector<std::pair<std::uint16_t, int>> factors;
        gather(node, factors);
        Interval all = {1.0, 1.0};
        for (const auto& [place, times] : factors) all = all * power_of(known_[place], times);
        return all;
    }

    void gather(const FormulaNode& node,
                std::vector<std::pair<std::uint16_t, int>>& factors) const {
        for (const std::uint16_t place : {node.a, node.b}) {
            if (formula_[place].node == Node::multiply) {
                gather(formula_[place], factors);
                continue;
            }
            const auto known = std::find_if(factors.begin(), factors.end(), [&](const auto& one) {
                return is_same(one.first, place);
            });
            if (known == factors.end()) {
                factors.emplace_back(place, 1);
            } else {
                ++known->second;
            }
        }
    }

    bool is_same(std::uint16_t one, std::uint16_t other) const {
        const FormulaNode &a = formula_[one], &b = formula_[other];
        if (one == other || a == b) return true;
        if (a.node != b.node || a.number != b.number || arity(a.node) == 0) return false;
        for (int k = 0; k < arity(a.node); ++k) {
            if (!is_same(child(a, k), child(b, k))) return false;
        }
        return true;
    }

    const Formula& formula_;
    const std::vector<Interval>& operands_;
    std::vector<Interval> known_;
};

// ---- shares

class Shares {
public:
    Shares(const Formula& formula, const std::vector<bool>& of) : formula_(formula), of_(of) {
        for (const FormulaNode& node : formula) shares_.push_back(share(node));
    }
    double last() const { return shares_.back(); }

private:
    double share(const FormulaNode& node) const {
        switch (node.node) {
            case Node::operand:
                return of_[node.a] ? 1.0 : 0.0;
            case Node::add:
                return shares_[node.a] + shares_[node.b];
            case Node::subtract:
                return shares_[node.a] - shares_[node.b];
            case Node::multiply:
                if (is_number(node.a)) return formula_[node.a].number * shares_[node.b];
                return is_number(node.b) ? shares_[node.a] * formula_[node.b].number : 0.0;
            case Node::divide:
                return is_number(node.b) ? shares_[node.a] / formula_[node.b].number : 0.0;
            case Node::minimum:
            case Node::maximum:  // within bounds that are numbers it changes as without
                if (is_number(node.a)) return shares_[node.b];
                return is_number(node.b) ? shares_[node.a] : least(node.a, node.b);
            case Node::select:
                return least(node.b, node.c);
            case Node::rectified:
                return shares_[node.a];
            case Node::number:
            case Node::power:
            case Node::absolute:
            case Node::sign:
            case Node::step:
            case Node::root:
            case Node::exponential:
            case Node::logarithm:
            case Node::tanh:
            case Node::logistic:
                return 0.0;
        }
        return 0.0;
    }

    double least(std::uint16_t one, std::uint16_t other) const {
        const double a = shares_[one], b = shares_[other];
        return std::abs(a) < std::abs(b) ? a : b;
    }
    bool is_number(std::uint16_t place) const { return formula_[place].node == Node::number; }

    const Formula& formula_;
    const std::vector<bool>& of_;
    std::vector<double> shares_;
};

}  // namespace

std::vector<Interval> bounds_of_nodes(const Formula& formula,
                                      const std::vector<Interval>& operands) {
    return FormulaBounds(formula, operands).all();
}

Interval bounds_of(const Formula& formula, const std::vector<Interval>& operands) {
    return bounds_of_nodes(formula, operands).back();
}

double kept_share(const Formula& formula, const std::vector<bool>& of) {
    return Shares(formula, of).last();
}

}  // namespace apical

#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "tests/circuits/program/formula_parts.hpp"

// Random formulas, and what they say, entry by entry.
namespace apical::random_formulas {

// Nodes that every processor rounds in one way, and those that are approximated.
inline constexpr Node exact_nodes[] = {Node::add,      Node::subtract, Node::multiply, Node::divide,
                                       Node::power,    Node::minimum,  Node::maximum,  Node::select,
                                       Node::absolute, Node::sign,     Node::step,     Node::root,
                                       Node::rectified};
inline constexpr Node curved_nodes[] = {Node::exponential, Node::logarithm, Node::tanh,
                                        Node::logistic};

class RandomFormula {
public:
    // Over operands 1 to `operands`, each of which is read; those from `first_number` on are one
    // number for all. Some parts are read more than once.
    RandomFormula(unsigned seed, std::uint16_t operands, std::uint16_t first_number, bool curved)
        : draws_(seed), curved_(curved) {
        for (std::uint16_t k = 1; k <= operands; ++k)
            open_.push_back(parts_.operand(k, k < first_number ? Index::post : Index::all));
        const int numbers = draw(3);
        for (int k = 0; k < numbers; ++k) open_.push_back(parts_.number(number()));
        for (int k = draw(10); k > 0 || open_.size() > 1; --k) combine();
    }

    const Formula& formula() const { return parts_.formula(); }

private:
    int draw(int below) { return static_cast<int>(draws_() % static_cast<unsigned>(below)); }
    double number() { return std::uniform_real_distribution(-2.0, 2.0)(draws_); }

    Node node() {
        if (curved_ && draw(4) == 0) return curved_nodes[draw(std::size(curved_nodes))];
        return exact_nodes[draw(std::size(exact_nodes))];
    }

    // A part that nothing reads yet, while there is one.
    std::uint16_t take() {
        if (open_.empty()) return static_cast<std::uint16_t>(draw(int(parts_.formula().size())));
        const auto chosen = open_.begin() + draw(int(open_.size()));
        const std::uint16_t part = *chosen;
        open_.erase(chosen);
        return part;
    }

    void combine() {
        const Node made = node();
        if (made == Node::power) return open_.push_back(parts_.power(take(), draw(17) - 8));
        const std::uint16_t a = take(), b = arity(made) > 1 ? take() : std::uint16_t{0},
                            c = arity(made) > 2 ? take() : std::uint16_t{0};
        open_.push_back(parts_.of(made, a, b, c));
    }

    std::mt19937 draws_;
    bool curved_;
    FormulaParts parts_;
    std::vector<std::uint16_t> open_;
};

// The value of a formula with these operands, by place; `fused`: a product that a sum alone reads
// is rounded with it, the second where both sides are such.
class PlainValue {
public:
    PlainValue(const Formula& formula, const std::vector<double>& operands, bool fused)
        : formula_(formula), operands_(operands), fused_(fused), uses_(formula.size()) {
        for (const FormulaNode& node : formula) {
            for (int k = 0; k < arity(node.node); ++k) ++uses_[child(node, k)];
        }
        for (const FormulaNode& node : formula) values_.push_back(value(node));
    }
    double last() const { return values_.back(); }
    const std::vector<double>& all() const { return values_; }

private:
    bool is_taken(std::uint16_t place) const {
        return fused_ && formula_[place].node == Node::multiply && uses_[place] == 1;
    }

    double sum(std::uint16_t a, std::uint16_t b, double sign) const {
        const double x = values_[a], y = values_[b];
        const auto factor = [&](std::uint16_t of, bool second) {
            return values_[second ? formula_[of].b : formula_[of].a];
        };
        if (is_taken(b)) return std::fma(sign * factor(b, false), factor(b, true), x);
        if (is_taken(a)) return std::fma(factor(a, false), factor(a, true), sign * y);
        return x + sign * y;
    }

    static double power(double x, int n) {
        const double square = x * x, fourth = square * square;
        const int left = std::abs(n);
        double product = left & 1 ? x : 1.0;
        if (left & 2) product *= square;
        if (left & 4) product *= fourth;
        if (left & 8) product *= fourth * fourth;
        return n < 0 ? 1.0 / product : product;
    }

    double value(const FormulaNode& node) const {
        if (node.node == Node::number) return node.number;
        if (node.node == Node::operand) return operands_[node.a];
        const double a = values_[node.a], b = values_[node.b], c = values_[node.c];
        switch (node.node) {
            case Node::add:
                return sum(node.a, node.b, 1.0);
            case Node::subtract:
                return sum(node.a, node.b, -1.0);
            case Node::multiply:
                return a * b;
            case Node::divide:
                return a / b;
            case Node::power:
                return power(a, static_cast<int>(node.number));
            case Node::minimum:
                return std::isnan(a) || std::isnan(b) ? a + b : a < b ? a : b;
            case Node::maximum:
                return std::isnan(a) || std::isnan(b) ? a + b : a > b ? a : b;
            case Node::select:
                return std::isnan(a) ? a : a > 0.0 ? b : c;
            case Node::absolute:
                return std::abs(a);
            case Node::sign:
                return a > 0.0 ? 1.0 : a < 0.0 ? -1.0 : a;
            case Node::step:
                return a > 0.0 ? 1.0 : a <= 0.0 ? 0.0 : a;
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
            case Node::number:
            case Node::operand:
                break;
        }
        return NAN;
    }

    const Formula& formula_;
    const std::vector<double>& operands_;
    bool fused_;
    std::vector<int> uses_;
    std::vector<double> values_;
};

}  // namespace apical::random_formulas

#pragma once

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <vector>

#include "sim/engine/state.hpp"
#include "tests/formula_terms.hpp"

// Formulas at synapses as loops over entries, and random ones of them.
namespace apical::synaptic_tests {

using namespace terms;

// Slots of a set from `columns` to `rows` cells: the matrix, two vectors of its postsynaptic cells,
// two of its presynaptic ones (of one population the same), a tag, two numbers.
inline constexpr std::uint16_t first_post = 1, first_pre = 3, tag_place = 5, first_number = 6;
inline constexpr std::size_t operand_count = 8;

// ---- loops over entries

inline double raised(double x, int exponent) {
    const int size = std::abs(exponent);
    double made = 1.0, square = x;
    for (int bit = 1; bit <= size; bit *= 2, square *= square) {
        if ((size & bit) != 0) made *= square;
    }
    return exponent < 0 ? 1.0 / made : made;
}

inline double function_of(Node node, double a) {
    if (std::isnan(a)) return a;
    if (node == Node::absolute) return std::abs(a);
    if (node == Node::sign) return a > 0.0 ? 1.0 : a < 0.0 ? -1.0 : a;
    if (node == Node::step) return a > 0.0 ? 1.0 : 0.0;
    if (node == Node::root) return std::sqrt(a);
    if (node == Node::exponential) return std::exp(a);
    if (node == Node::logarithm) return std::log(a);
    if (node == Node::tanh) return std::tanh(a);
    if (node == Node::logistic) return 1.0 / (1.0 + std::exp(-a));
    REQUIRE(node == Node::rectified);
    return a < 0.0 ? 0.0 : a;
}

inline double joined(Node node, double a, double b) {
    if (node == Node::add) return a + b;
    if (node == Node::subtract) return a - b;
    if (node == Node::multiply) return a * b;
    if (node == Node::divide) return a / b;
    if (std::isnan(a) || std::isnan(b)) return std::numeric_limits<double>::quiet_NaN();
    if (node == Node::minimum) return a < b ? a : b;
    REQUIRE(node == Node::maximum);
    return a > b ? a : b;
}

inline double entry_of(const State& state, const Operation& op, const FormulaNode& node,
                       std::size_t i, std::size_t j) {
    const SlotId slot = op.operands[node.a].slot;
    const double* numbers = state.data(slot);
    switch (node.index) {
        case Index::post:
            return numbers[i];
        case Index::pre:
            return numbers[j];
        case Index::synapse:
            return numbers[place(state.program()[slot], i, j)];
        case Index::all:
            return numbers[0];
    }
    return 0.0;
}

inline double evaluated(const State& state, std::size_t i, std::size_t j) {
    const Operation& op = state.program().operations[0];
    std::vector<double> values;
    for (const FormulaNode& node : op.formula) {
        double value = node.number;
        if (node.node == Node::operand) {
            value = entry_of(state, op, node, i, j);
        } else if (node.node == Node::power) {
            value = raised(values[node.a], static_cast<int>(node.number));
        } else if (node.node == Node::select) {
            const double a = values[node.a];
            value = a > 0.0 ? values[node.b] : std::isnan(a) ? a : values[node.c];
        } else if (arity(node.node) == 2) {
            value = joined(node.node, values[node.a], values[node.b]);
        } else if (arity(node.node) == 1) {
            value = function_of(node.node, values[node.a]);
        }
        values.push_back(value);
    }
    return values.back();
}

// Row-major.
inline std::vector<double> evaluated(const State& state) {
    const Slot& matrix = state.program().slots[0];
    std::vector<double> all;
    for (int i = 0; i < matrix.rows; ++i) {
        for (int j = 0; j < matrix.columns; ++j)
            all.push_back(evaluated(state, std::size_t(i), std::size_t(j)));
    }
    return all;
}

inline std::vector<double> entries(const State& state, SlotId slot = SlotId(0)) {
    const Slot& matrix = state.program()[slot];
    std::vector<double> all(std::size_t(matrix.rows) * std::size_t(matrix.columns));
    state.read(slot, all.data());
    return all;
}

// ---- random formulas

// A term of IEEE operations alone, whose bits loops over entries have as well.
class RandomTerm {
public:
    explicit RandomTerm(unsigned seed) : random_(seed) {}

    Term term(int depth) {
        if (depth == 0 || pick(6) == 0) return leaf();
        switch (pick(12)) {
            case 0:
            case 1:
                return term(depth - 1) + term(depth - 1);
            case 2:
                return term(depth - 1) - term(depth - 1);
            case 3:
            case 4:
            case 5:
                return term(depth - 1) * term(depth - 1);
            case 6:
                return term(depth - 1) / term(depth - 1);
            case 7:
                return minimum(term(depth - 1), term(depth - 1));
            case 8:
                return clip(term(depth - 1), -0.5, 0.75);
            case 9:
                return power(term(depth - 1), pick(13) - 6);
            case 10:
                return select(term(depth - 1), term(depth - 1), term(depth - 1));
            default:
                return function(pick_function(), term(depth - 1));
        }
    }

private:
    int pick(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }
    std::uint16_t one_of_two(std::uint16_t first) {
        return static_cast<std::uint16_t>(first + pick(2));
    }
    Term leaf() {
        switch (pick(6)) {
            case 0:
                return w();
            case 1:
                return post(one_of_two(first_post));
            case 2:
                return pre(one_of_two(first_pre));
            case 3:
                return tag(tag_place);
            case 4:
                return all(one_of_two(first_number));
            default:
                return number(0.25 * (pick(9) - 4));
        }
    }
    Node pick_function() {
        constexpr Node all_functions[] = {Node::absolute, Node::sign, Node::step, Node::root,
                                          Node::rectified};
        return all_functions[pick(5)];
    }
    std::mt19937 random_;
};

}  // namespace apical::synaptic_tests

#pragma once

#include <algorithm>
#include <utility>

#include "circuits/program/formula.hpp"

// Sound formulas as C++ expressions: w() + 0.01 * post(1) * pre(2). FormulaParts
// (tests/circuits/program/formula_parts.hpp) builds what no expression says: a node that is read
// twice, one that nothing reads, one that reads what is not there.
namespace apical::terms {

struct Term {
    Formula formula;
};

inline Term node_of(Node node, const std::vector<Term>& parts, double number = 0.0) {
    Term made;
    FormulaNode last{.node = node, .number = number};
    std::uint16_t* const places[] = {&last.a, &last.b, &last.c};
    for (std::size_t k = 0; k < parts.size(); ++k) {
        const std::size_t first = made.formula.size();
        for (FormulaNode one : parts[k].formula) {
            std::uint16_t* const children[] = {&one.a, &one.b, &one.c};
            for (int c = 0; c < arity(one.node); ++c)
                *children[c] = static_cast<std::uint16_t>(*children[c] + first);
            made.formula.push_back(one);
        }
        *places[k] = static_cast<std::uint16_t>(made.formula.size() - 1);
    }
    made.formula.push_back(last);
    return made;
}

inline Term number(double x) { return node_of(Node::number, {}, x); }
inline Term operand(std::uint16_t place, Index index) {
    return {{{.node = Node::operand, .index = index, .a = place}}};
}
inline Term w() { return operand(0, Index::synapse); }
inline Term post(std::uint16_t place) { return operand(place, Index::post); }
inline Term pre(std::uint16_t place) { return operand(place, Index::pre); }
inline Term tag(std::uint16_t place) { return operand(place, Index::synapse); }
inline Term all(std::uint16_t place) { return operand(place, Index::all); }

inline Term operator+(const Term& a, const Term& b) { return node_of(Node::add, {a, b}); }
inline Term operator-(const Term& a, const Term& b) { return node_of(Node::subtract, {a, b}); }
inline Term operator*(const Term& a, const Term& b) { return node_of(Node::multiply, {a, b}); }
inline Term operator/(const Term& a, const Term& b) { return node_of(Node::divide, {a, b}); }
inline Term operator*(double a, const Term& b) { return number(a) * b; }
inline Term power(const Term& a, int exponent) { return node_of(Node::power, {a}, exponent); }
inline Term minimum(const Term& a, const Term& b) { return node_of(Node::minimum, {a, b}); }
inline Term maximum(const Term& a, const Term& b) { return node_of(Node::maximum, {a, b}); }
inline Term clip(const Term& a, double low, double high) {
    return minimum(maximum(a, number(low)), number(high));
}
inline Term select(const Term& a, const Term& b, const Term& c) {
    return node_of(Node::select, {a, b, c});
}
inline Term function(Node node, const Term& a) { return node_of(node, {a}); }

}  // namespace apical::terms

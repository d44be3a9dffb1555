#pragma once

#include <string>

#include "circuits/program/formula.hpp"

namespace apical {

// A formula that is built up part by part, sound or not; each word gives the place of what it
// appends. A sound one is easier to read as an expression (tests/formula_terms.hpp).
class FormulaParts {
public:
    std::uint16_t number(double value) { return append({.node = Node::number, .number = value}); }
    std::uint16_t operand(std::uint16_t place, Index index = Index::post) {
        return append({.node = Node::operand, .index = index, .a = place});
    }
    std::uint16_t of(Node node, std::uint16_t a, std::uint16_t b = 0, std::uint16_t c = 0) {
        return append({.node = node, .a = a, .b = b, .c = c});
    }
    std::uint16_t power(std::uint16_t a, double exponent) {
        return append({.node = Node::power, .a = a, .number = exponent});
    }
    const Formula& formula() const { return formula_; }

    std::string text() const { return to_text(formula_, {"y", "a", "b", "c", "W"}); }
    bool is_sound(std::size_t operands = 5) const { return check_formula(formula_, operands); }

private:
    std::uint16_t append(const FormulaNode& node) {
        formula_.push_back(node);
        return static_cast<std::uint16_t>(formula_.size() - 1);
    }

    Formula formula_;
};

}  // namespace apical

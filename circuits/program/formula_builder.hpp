#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "circuits/program/formula.hpp"

namespace apical {

// Makes formulas node by node. Equal nodes are made once, constants are folded where they meet, and
// nodes that change nothing are left out: 0 + a, 1 a, a / 1, a^1, and all that 0 multiplies.
class FormulaBuilder {
public:
    std::uint16_t number(double value) { return add({.number = value}); }
    std::uint16_t operand(std::uint16_t place, Index index) {
        return add({.node = Node::operand, .index = index, .a = place});
    }
    // A node of others that are made; no number, operand or power.
    std::uint16_t made(Node node, std::uint16_t a, std::uint16_t b = 0, std::uint16_t c = 0);
    std::uint16_t power(std::uint16_t of, int exponent);  // a whole one from -8 to 8
    // A node of another formula that is no operand, of the nodes at these places in place of its
    // own children.
    std::uint16_t like(const FormulaNode& node, const std::vector<std::uint16_t>& at);
    // Another formula of the node x in place of each operand; or of a node for each of its places.
    std::uint16_t composed(const Formula& formula, std::uint16_t x);
    std::uint16_t composed(const Formula& formula, const std::vector<std::uint16_t>& operands);

    const FormulaNode& operator[](std::uint16_t place) const { return nodes_[place]; }
    bool is_number(std::uint16_t place, double value) const {
        return nodes_[place].node == Node::number && nodes_[place].number == value;
    }
    // The formula whose value is that of the node, without nodes that it does not read.
    Formula formula(std::uint16_t value) const;

private:
    std::uint16_t add(const FormulaNode& node);
    std::optional<std::uint16_t> shorter(const FormulaNode& node);

    Formula nodes_;
};

// The node with its children moved to these places.
FormulaNode moved(FormulaNode node, const std::vector<std::uint16_t>& at);

}  // namespace apical

#include "circuits/program/formula_cut.hpp"

#include <catch2/catch.hpp>

namespace apical {

namespace {

constexpr std::uint16_t cut_part = 0, cut_at_number = 1;

// A formula of one node over an operand and the number 0.25.
Formula formula_of(Node node, std::uint16_t a, std::uint16_t b) {
    return {{.node = Node::operand}, {.node = Node::number, .number = 0.25}, {node, {}, a, b}};
}

}  // namespace

TEST_CASE("a minimum or a maximum of a number cuts off, whichever stands first", "[formula]") {
    for (const bool number_first : {false, true}) {
        for (const Node node : {Node::minimum, Node::maximum}) {
            const Formula formula = number_first ? formula_of(node, cut_at_number, cut_part)
                                                 : formula_of(node, cut_part, cut_at_number);
            const std::optional<Cut> cut = cut_at(formula, 2);
            REQUIRE(cut);
            CHECK(cut->above == (node == Node::minimum));
            CHECK(cut->bound == 0.25);
            CHECK(cut->of == cut_part);
        }
    }
}

TEST_CASE("other nodes, and a minimum of no number, cut nothing off", "[formula]") {
    CHECK_FALSE(cut_at(formula_of(Node::add, cut_part, cut_at_number), 2));
    CHECK_FALSE(cut_at(formula_of(Node::minimum, cut_part, cut_part), 2));
    CHECK_FALSE(cut_at(formula_of(Node::minimum, cut_part, cut_at_number), 1));
}

}  // namespace apical

#include "circuits/program/formula_cut.hpp"

namespace apical {

std::optional<Cut> cut_at(const Formula& formula, std::size_t node) {
    const FormulaNode& one = formula[node];
    if (one.node != Node::minimum && one.node != Node::maximum) return {};
    const bool first = formula[one.a].node == Node::number;
    if (!first && formula[one.b].node != Node::number) return {};
    return Cut{.above = one.node == Node::minimum,
               .bound = formula[first ? one.a : one.b].number,
               .of = first ? one.b : one.a};
}

}  // namespace apical

// A change by a formula: S_ij <- f(S_ij, post_i, pre_j, tag_ij, numbers).
// Operands: strength or tag (update; set when the formula does not read it), then up to 15 that the
// formula reads by its indices: vectors of postsynaptic or presynaptic cells, matrices of the same
// set, numbers.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "circuits/program/operands.hpp"

namespace apical {

namespace {

bool is_read_well(const Operands& o, const FormulaNode& node) {
    switch (node.index) {
        case Index::post:
            return o.is_vector_of(node.a, o.at(0).rows);
        case Index::pre:
            return o.is_vector_of(node.a, o.at(0).columns);
        case Index::synapse:
            return o.is_matrix(node.a) && o.are_alike(0, node.a);
        case Index::all:
            return o.is_number(node.a);
    }
    return false;
}

bool synaptic_fits(const Operands& o) {
    const Formula& formula = o.op().formula;
    if (o.count() == 0 || o.count() > most_formula_operands + 1 || !o.is_matrix(0)) return false;
    if (!check_formula(formula, o.count()) || most_waiting(formula) > most_registers) return false;
    const Access access = reads(formula, 0) ? Access::update : Access::set;
    if (o.op().operands[0].access != access) return false;
    for (std::size_t k = 1; k < o.count(); ++k) {
        if (!reads(formula, k)) return false;
    }
    return std::all_of(formula.begin(), formula.end(), [&](const FormulaNode& node) {
        return node.node != Node::operand || is_read_well(o, node);
    });
}

std::string synaptic_text(const Operands& o) {
    std::vector<std::string> names;
    for (std::size_t k = 0; k < o.count(); ++k) names.push_back(o.name(k));
    return fmt::format("{} = {}", o.name(0), to_text(o.op().formula, names));
}

}  // namespace

constinit const KindTraits synaptic_traits = {
    .kind = Kind::synaptic,
    .verb = "synaptic",
    .biology = "local plasticity, or a tag",
    .fits = synaptic_fits,
    .equation = synaptic_text,
    .writes = Carrier::synaptic,
    .writes_vector = Carrier::synaptic,
    .locality = Locality::own_synapse,
    .gathers = Gathers::nothing,
    .product = {},
    .change = MatrixChange::formula,
    .multiplies_matrices = never,
    .goes_by_rows = always,
    .hands_on = HandsOn::tag,
    .size = SizeRule::change,
};

}  // namespace apical

// The derivative of an operation that is a formula of its operands, y = f(y, x, ...), entry by
// entry:
//     x' += y' df/dx      of each operand that varies
//     y' = y' df/dy       y in place 0, 0 when the formula does not read it
// An operand that is the same for several entries, a number for all cells or a cell's at all its
// synapses, has the sum over these.
#include <algorithm>
#include <utility>

#include "circuits/adjoint/adjoint_writer.hpp"
#include "circuits/program/formula_builder.hpp"

namespace apical {

namespace {

bool is_number(const Formula& formula, double value) {
    return formula.size() == 1 && formula[0].node == Node::number && formula[0].number == value;
}

}  // namespace

Index AdjointWriter::index_of_result() const {
    const Shape shape = slot(0).shape;
    if (shape == Shape::scalar) return Index::all;
    return shape == Shape::per_cell ? Index::post : Index::synapse;
}

SlotId AdjointWriter::value_at(std::size_t place, const std::vector<SlotId>& more) {
    const std::size_t operands = op_->operands.size();
    return place < operands ? value(place) : more[place - operands];
}

// What is written may be an operand, too: before it is written it is that of place 0.
Formula AdjointWriter::with_own_place(const Formula& formula) const {
    Formula own = formula;
    for (FormulaNode& node : own) {
        if (node.node == Node::operand && node.a < op_->operands.size() &&
            op_->operands[node.a].slot == op_->operands[0].slot)
            node.a = 0;
    }
    return own;
}

void AdjointWriter::through(const Formula& written, const std::vector<SlotId>& more) {
    const Formula formula = with_own_place(written);
    std::vector<Part> parts;
    for (const FormulaNode& node : formula) {
        if (node.node != Node::operand || node.a == 0 || node.a >= op_->operands.size() ||
            !wants(node.a))
            continue;
        const bool is_known = std::any_of(parts.begin(), parts.end(), [&](const Part& part) {
            return part.place == node.a && part.index == node.index;
        });
        if (!is_known) parts.push_back({node.a, node.index});
    }
    for (const Part& part : parts) add_by(part, formula, more);
    keep(formula, more);
}

// y' = y' df/dy
void AdjointWriter::keep(const Formula& formula, const std::vector<SlotId>& more) {
    const SlotId y = adjoint(0);
    const Formula d = derivative_by(formula, 0, index_of_result());
    if (is_number(d, 0.0)) return clear(y);
    if (!is_number(d, 1.0)) return scaled(y, false, y, d, more);
}

void AdjointWriter::add_by(const Part& part, const Formula& formula,
                           const std::vector<SlotId>& more) {
    const Formula d = derivative_by(formula, part.place, part.index);
    if (is_number(d, 0.0)) return;
    const SlotId to = adjoint(part.place), from = adjoint(0);
    if (part.index == index_of_result()) return scaled(to, true, from, d, more);
    const SlotId whole = temporary(from);
    scaled(whole, false, from, d, more);
    add_sum(to, part.index, whole);
}

// The sum over the entries of a vector or a matrix that belong to one entry of `to`.
void AdjointWriter::add_sum(SlotId to, Index index, SlotId from) {
    const Slot whole = made(from);
    if (is_vector(whole.shape)) return add_inner(to, from, ones(whole.rows));
    if (index == Index::post) return add_product(to, from, ones(whole.columns), false);
    if (index == Index::pre) return add_product(to, from, ones(whole.rows), true);
    const SlotId sums = temporary_vector(whole.rows);
    set_product(sums, from, ones(whole.columns), false);
    add_inner(to, sums, ones(whole.rows));
}

void AdjointWriter::scaled(SlotId to, bool adds, SlotId from, const Formula& d,
                           const std::vector<SlotId>& more) {
    const Index own = index_of_result();
    FormulaBuilder b;
    std::vector<Read> read;
    const auto place_of = [&](SlotId slot, Index index) {
        if (slot == to) return b.operand(0, index);
        std::size_t k = 0;
        while (k < read.size() && read[k].slot != slot) ++k;
        if (k == read.size()) read.push_back({slot, index});
        return b.operand(static_cast<std::uint16_t>(k + 1), index);
    };
    const std::uint16_t source = place_of(from, own);
    std::vector<std::uint16_t> at;
    for (const FormulaNode& node : d)
        at.push_back(node.node == Node::operand ? place_of(value_at(node.a, more), node.index)
                                                : b.like(node, at));
    std::uint16_t value = b.made(Node::multiply, source, at.back());
    if (adds) value = b.made(Node::add, b.operand(0, own), value);
    set_formula(to, b.formula(value), read);
}

}  // namespace apical

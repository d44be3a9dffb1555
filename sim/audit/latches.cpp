#include "sim/audit/latches.hpp"

#include <algorithm>
#include <cmath>

#include "sim/audit/formula_bounds.hpp"
#include "sim/audit/reach.hpp"

namespace apical {

namespace {

// What keeps so much of itself in a step is held, what keeps less than the other is made anew.
constexpr double held_share = 0.999, little_share = 0.1;
// Numbers that a switch is made of are followed so far.
constexpr int followed_depth = 8;

Formula up_to(const Formula& formula, std::size_t node) {
    return {formula.begin(), formula.begin() + static_cast<std::ptrdiff_t>(node) + 1};
}

double kept_by(const Operation& op, std::size_t node) {
    std::vector<bool> own;
    for (const Operand& one : op.operands) own.push_back(one.slot == op.operands[0].slot);
    return std::abs(kept_share(up_to(op.formula, node), own));
}

bool spans_held_and_new(const Interval& keep) {
    return keep.low < little_share && keep.high >= held_share;
}

}  // namespace

bool Latches::is_written_by(const Operation& op) const {
    if (op.operands[0].access != Access::update) return false;
    if (context_.slot(op, 0).shape == Shape::scalar) return false;
    if (op.formula.empty()) return is_switched_sum(op);
    const std::size_t whole = op.formula.size() - 1;
    if (chooses(op, whole)) return true;
    std::vector<ReachOperand> operands;
    for (const Operand& one : op.operands)
        operands.push_back({one.slot == op.operands[0].slot, bounds_.of(one.slot), {}});
    return spans_held_and_new(reach_of(op.formula, operands, Counted::constants).keep) &&
           has_switch(op, whole, 0) && takes_in(op, whole);
}

// s a + t b by numbers of each cell, where one of a and b is the result itself.
bool Latches::is_switched_sum(const Operation& op) const {
    if (op.kind != Kind::cellwise || op.function != Function::sum || op.operands.size() < 5)
        return false;
    for (const std::size_t k : {1, 2}) {
        if (op.operands[k].slot != op.operands[0].slot) continue;
        const double factor = k == 1 ? op.retain : op.gain;
        const SlotId by = op.operands[k + 2].slot;
        return spans_held_and_new(Interval{factor, factor} * bounds_.of(by)) && is_switch(by, 0) &&
               is_new(op, 3 - k);
    }
    return false;
}

// A choice, perhaps of choices, perhaps cut off, between the number itself and another.
bool Latches::chooses(const Operation& op, std::size_t node) const {
    const FormulaNode& of = op.formula[node];
    switch (of.node) {
        case Node::select:
            return (is_held(op, of.b) && is_let_in(op, of.c)) ||
                   (is_held(op, of.c) && is_let_in(op, of.b)) || chooses(op, of.b) ||
                   chooses(op, of.c);
        case Node::minimum:
        case Node::maximum:
            return chooses(op, of.a) || chooses(op, of.b);
        case Node::rectified:
            return chooses(op, of.a);
        case Node::number:
        case Node::operand:
        case Node::add:
        case Node::subtract:
        case Node::multiply:
        case Node::divide:
        case Node::power:
        case Node::absolute:
        case Node::sign:
        case Node::step:
        case Node::root:
        case Node::exponential:
        case Node::logarithm:
        case Node::tanh:
        case Node::logistic:
            return false;
    }
    return false;
}

bool Latches::is_held(const Operation& op, std::size_t node) const {
    const FormulaNode& of = op.formula[node];
    if (of.node == Node::select) return is_held(op, of.b) || is_held(op, of.c);
    return kept_by(op, node) >= held_share && !takes_in(op, node);
}

bool Latches::is_let_in(const Operation& op, std::size_t node) const {
    return kept_by(op, node) < little_share && takes_in(op, node);
}

// Whether the value is made of numbers of cells or synapses that something writes; what a condition
// is made of is no part of a value.
bool Latches::takes_in(const Operation& op, std::size_t node) const {
    const FormulaNode& of = op.formula[node];
    if (of.node == Node::operand) return is_new(op, of.a);
    if (of.node == Node::step || of.node == Node::sign) return false;
    const int first = of.node == Node::select ? 1 : 0;
    for (int k = first; k < arity(of.node); ++k) {
        if (takes_in(op, child(of, k))) return true;
    }
    return false;
}

bool Latches::is_new(const Operation& op, std::size_t operand) const {
    const SlotId slot = op.operands[operand].slot;
    return slot != op.operands[0].slot && context_.slot(op, operand).shape != Shape::scalar &&
           !context_.writers(slot).empty() && !is_switch(slot, 0);
}

bool Latches::has_switch(const Operation& op, std::size_t node, int depth) const {
    if (is_switch(op, node, depth)) return true;
    const FormulaNode& of = op.formula[node];
    for (int k = 0; k < arity(of.node); ++k) {
        if (has_switch(op, child(of, k), depth)) return true;
    }
    return false;
}

// One of a few numbers, by a condition: step(x), 1 - step(x), select(x, 1, 0).
bool Latches::is_switch(const Operation& op, std::size_t node, int depth) const {
    const FormulaNode& of = op.formula[node];
    const auto is_number = [&](std::size_t part) { return op.formula[part].node == Node::number; };
    if (of.node == Node::step || of.node == Node::sign) return true;
    if (of.node == Node::select) return is_number(of.b) && is_number(of.c);
    if (of.node == Node::operand)
        return op.operands[of.a].slot != op.operands[0].slot &&
               is_switch(op.operands[of.a].slot, depth + 1);
    const bool combines =
        of.node == Node::add || of.node == Node::subtract || of.node == Node::multiply;
    if (!combines || (is_number(of.a) && is_number(of.b))) return false;
    return (is_number(of.a) || is_switch(op, of.a, depth)) &&
           (is_number(of.b) || is_switch(op, of.b, depth));
}

bool Latches::is_switch(SlotId slot, int depth) const {
    if (depth > followed_depth) return false;
    const std::vector<std::uint32_t>& writers = context_.writers(slot);
    return std::any_of(writers.begin(), writers.end(), [&](std::uint32_t i) {
        const Operation& op = context_.operations()[i];
        if (!op.formula.empty() && op.kind != Kind::fire)
            return is_switch(op, op.formula.size() - 1, depth);
        const bool is_made = op.kind == Kind::cellwise && op.operands[0].access == Access::set;
        if (!is_made) return false;
        return std::all_of(op.operands.begin() + 1, op.operands.end(),
                           [&](const Operand& one) { return is_switch(one.slot, depth + 1); });
    });
}

}  // namespace apical

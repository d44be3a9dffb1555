#include "circuits/program/added_change.hpp"

#include <optional>

#include "circuits/program/formula_builder.hpp"

namespace apical {

namespace {

Index index_of(const Slot& slot) { return slot.shape == Shape::scalar ? Index::all : Index::post; }

// A change of strengths as a formula of what it adds to place 0: place `own` reads the strengths
// themselves.
class AddedPart {
public:
    AddedPart(const Program& program, const Operation& op)
        : program_(program), op_(op), own_(static_cast<std::uint16_t>(op.operands.size())) {}

    // Nothing of one that is no sum.
    std::optional<Formula> formula() {
        std::optional<std::uint16_t> added;
        if (op_.kind == Kind::hebb) added = of_hebb();
        if (op_.kind == Kind::synaptic) added = of_formula();
        if (!added) return {};
        return b_.formula(b_.made(Node::add, pending(), *added));
    }

private:
    std::uint16_t pending() { return b_.operand(0, Index::synapse); }
    std::uint16_t own() { return b_.operand(own_, Index::synapse); }
    std::uint16_t times(std::uint16_t a, std::uint16_t b) { return b_.made(Node::multiply, a, b); }
    std::uint16_t at(std::uint16_t place) {
        return b_.operand(place, index_of(program_[op_.operands[place].slot]));
    }

    // (keep - 1) W + gain post pre
    std::uint16_t of_hebb() {
        const std::size_t count = op_.operands.size();
        const double kept = op_.operands[0].access == Access::set ? 0.0 : op_.retain;
        std::uint16_t added = times(b_.number(op_.gain),
                                    times(b_.operand(1, Index::post), b_.operand(2, Index::pre)));
        if (count > 4) added = times(at(4), added);
        const std::uint16_t less =
            count > 3 ? b_.made(Node::subtract, at(3), b_.number(1.0)) : b_.number(kept - 1.0);
        return b_.made(Node::add, times(less, own()), added);
    }

    bool is_own(std::size_t node) const {
        const FormulaNode& one = op_.formula[node];
        return one.node == Node::operand && one.a == 0;
    }
    // What is added is x of W + x and x + W, -x of W - x, and (x - 1) W of x W.
    std::optional<std::uint16_t> of_formula() {
        const FormulaNode& whole = op_.formula.back();
        const bool sums = whole.node == Node::add || whole.node == Node::multiply;
        const bool is_first = arity(whole.node) == 2 && is_own(whole.a);
        if (!is_first && !(sums && is_own(whole.b))) return {};
        const std::uint16_t rest = copied(is_first ? whole.b : whole.a);
        if (whole.node == Node::add) return rest;
        if (whole.node == Node::subtract) return b_.made(Node::subtract, b_.number(0.0), rest);
        if (whole.node != Node::multiply) return {};
        return times(b_.made(Node::subtract, rest, b_.number(1.0)), own());
    }
    std::uint16_t copied(std::uint16_t until) {
        std::vector<std::uint16_t> made;
        for (std::size_t k = 0; k <= until; ++k) {
            const FormulaNode& node = op_.formula[k];
            if (node.node != Node::operand)
                made.push_back(b_.like(node, made));
            else
                made.push_back(node.a == 0 ? own() : b_.operand(node.a, node.index));
        }
        return made.back();
    }

    const Program& program_;
    const Operation& op_;
    std::uint16_t own_;
    FormulaBuilder b_;
};

bool is_plain_sum(const Operation& op) {
    const bool is_hebb = op.kind == Kind::hebb && op.operands.size() == 3 && op.retain == 1.0 &&
                         op.operands[0].access != Access::set;
    return is_hebb || op.kind == Kind::consolidate;
}

}  // namespace

bool add_to_tag(const Program& program, Operation& op, SlotId pending) {
    const SlotId strength = op.operands[0].slot;
    if (!is_plain_sum(op)) {
        const std::optional<Formula> added = AddedPart(program, op).formula();
        if (!added) return false;
        const auto own = static_cast<std::uint16_t>(op.operands.size());
        if (reads(*added, own)) op.operands.push_back({strength});
        op.kind = Kind::synaptic;
        op.formula = *added;
        op.retain = op.gain = 1.0;
        op.operands[0].access = Access::update;
    }
    op.operands[0].slot = pending;
    return true;
}

}  // namespace apical

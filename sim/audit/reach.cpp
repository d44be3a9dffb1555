#include "sim/audit/reach.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "sim/audit/formula_bounds.hpp"
#include "sim/audit/formula_sizes.hpp"
#include "sim/audit/projections.hpp"

namespace apical {

namespace {

constexpr double no_bound = std::numeric_limits<double>::infinity();
constexpr Interval nothing_kept = {0.0, 0.0}, any_reach = {-no_bound, no_bound};

Interval negative_of(const Interval& a) { return {-a.high, -a.low}; }

// What is nothing stays so, however large the other factor is.
Size product_of_sizes(const Size& a, const Size& b) {
    return a.most == 0.0 || b.most == 0.0 ? Size{} : a * b;
}

// x is in it in no way of which more is known.
Reach unknown_reach() { return {true, any_reach, any_reach, {no_bound, {}, 0}}; }

class Reaches {
public:
    Reaches(const Formula& formula, const std::vector<ReachOperand>& operands, Counted counted)
        : formula_(formula), operands_(operands), counted_(counted) {
        std::vector<Interval> of_operands;
        for (const ReachOperand& one : operands) {
            if (one.own) within_ = one.bounds;
            of_operands.push_back(one.own ? any_reach : one.bounds);
        }
        bounds_ = bounds_of_nodes(formula, of_operands);
        for (std::size_t i = 0; i < formula.size(); ++i) {
            const bool is_one_number = bounds_[i].low == bounds_[i].high;
            reaches_.push_back(is_one_number ? constant(bounds_[i].low) : of(formula[i]));
            // Without x the whole is the rest, and its bounds hold.
            if (reaches_.back().own) continue;
            reaches_.back().rest = bounds_[i];
            if (is_bound(formula[i])) narrow(reaches_.back());
        }
    }
    const Reach& value() const { return reaches_.back(); }

private:
    const Reach& at(std::uint16_t part) const { return reaches_[part]; }
    // Also of each cell, where a rule keeps one that nothing writes.
    bool is_number(std::uint16_t part) const { return bounds_[part].low == bounds_[part].high; }

    static bool is_bound(const FormulaNode& node) {
        return node.node == Node::minimum || node.node == Node::maximum ||
               node.node == Node::rectified;
    }
    // What is clipped is no larger than its bounds, whatever it is made of.
    static void narrow(Reach& reach) {
        const double most = reach.rest.size();
        if (!std::isfinite(most)) return;
        reach.gain.most = std::min(reach.gain.most, most);
        reach.gain.unbounded = {};
    }

    Reach of(const FormulaNode& node) const {
        switch (node.node) {
            case Node::number:
                return constant(node.number);
            case Node::operand:
                return operand(operands_[node.a]);
            case Node::add:
                return sum(at(node.a), at(node.b));
            case Node::subtract:
                return sum(at(node.a), negative(at(node.b)));
            case Node::multiply:
                return product(at(node.a), at(node.b));
            case Node::divide:
                return at(node.b).own ? unknown_reach() : product(at(node.a), inverse(node.b));
            case Node::power:
                return power(node);
            case Node::minimum:
            case Node::maximum:
                return bounded(node);
            case Node::select:
                return either(at(node.b), at(node.c));
            case Node::rectified:
                return bounded(at(node.a), Node::maximum, constant(0.0));
            case Node::absolute:
                return absolute(at(node.a));
            case Node::sign:
            case Node::tanh:
                return {false, {}, {-1.0, 1.0}, {1.0}};
            case Node::step:
            case Node::logistic:
                return {false, {}, {0.0, 1.0}, {1.0, {}, 1}};
            case Node::root:
                if (at(node.a).own) return unknown_reach();
                return {false, {}, {}, {std::sqrt(at(node.a).gain.most), grows(node), 1}};
            case Node::exponential:
                return at(node.a).own ? unknown_reach() : exponential(node);
            case Node::logarithm:
                return at(node.a).own ? unknown_reach() : logarithm(node);
        }
        return unknown_reach();
    }

    static int signed_as(double number) { return number > 0.0 ? 1 : number < 0.0 ? -1 : 0; }

    static Reach constant(double number) {
        return {false, {}, {number, number}, {std::abs(number), {}, signed_as(number)}};
    }
    static Reach operand(const ReachOperand& one) {
        if (one.own) return {true, {1.0, 1.0}, {0.0, 0.0}, {}};
        return {false, {}, {}, one.size};
    }

    SlotId grows(const FormulaNode& node) const { return at(node.a).gain.unbounded; }

    Size total(const Size& a, const Size& b) const {
        return counted_ == Counted::constants ? larger(a, b) : a + b;
    }
    Reach sum(const Reach& a, const Reach& b) const {
        return {a.own || b.own, a.keep + b.keep, a.rest + b.rest, total(a.gain, b.gain)};
    }
    static Reach negative(const Reach& a) {
        return {a.own, negative_of(a.keep), negative_of(a.rest), -1.0 * a.gain};
    }
    static Reach product(const Reach& a, const Reach& b) {
        if (a.own && b.own) return unknown_reach();
        if (b.own) return product(b, a);
        return {a.own, a.own ? a.keep * b.rest : nothing_kept, a.rest * b.rest,
                product_of_sizes(a.gain, b.gain)};
    }
    static Reach either(const Reach& a, const Reach& b) {
        return {a.own || b.own, joined(a.keep, b.keep), joined(a.rest, b.rest),
                larger(a.gain, b.gain)};
    }
    Reach bounded(const FormulaNode& node) const {
        if (is_number(node.a)) return bounded(at(node.b), node.node, at(node.a));
        if (is_number(node.b)) return bounded(at(node.a), node.node, at(node.b));
        return either(at(node.a), at(node.b));
    }
    // Within a bound that holds x already a change is no larger than without it.
    Reach bounded(const Reach& a, Node by, const Reach& bound) const {
        const bool holds =
            by == Node::minimum ? within_.high <= bound.rest.high : within_.low >= bound.rest.low;
        return a.own && holds ? a : either(a, bound);
    }
    static Reach absolute(const Reach& a) {
        if (!a.own) return {false, {}, {}, {a.gain.most, a.gain.unbounded, 1}};
        const Reach both = either(a, negative(a));
        return {true, both.keep, both.rest, {a.gain.most, a.gain.unbounded}};
    }

    // exp is as large as it can be, log as its argument lets it.
    Reach exponential(const FormulaNode& node) const {
        return {false, {}, {}, {std::exp(bounds_[node.a].high), grows(node), 1}};
    }
    Reach logarithm(const FormulaNode& node) const {
        const double most = logarithm_of(bounds_[node.a].low, at(node.a).gain.most);
        return {false, {}, {}, {most, grows(node)}};
    }
    Reach inverse(std::uint16_t part) const {
        const Interval& of = bounds_[part];
        const bool through_zero = of.low <= 0.0 && of.high >= 0.0;
        const Interval within = through_zero ? any_reach : Interval{1.0 / of.high, 1.0 / of.low};
        return {false, {}, within, {within.size(), {}, through_zero ? 0 : signed_as(of.low)}};
    }
    Reach power(const FormulaNode& node) const {
        const int exponent = static_cast<int>(node.number);
        if (exponent == 1) return at(node.a);
        if (at(node.a).own) return unknown_reach();
        const Size base = exponent < 0 ? inverse(node.a).gain : at(node.a).gain;
        Size made = {1.0, {}, 1};
        for (int k = 0; k < std::abs(exponent); ++k) made = product_of_sizes(made, base);
        if (exponent % 2 == 0) made.sign = 1;
        return {false, {}, {}, made};
    }

    const Formula& formula_;
    const std::vector<ReachOperand>& operands_;
    Counted counted_;
    Interval within_ = any_reach;   // x
    std::vector<Interval> bounds_;  // by node, where x is not in it
    std::vector<Reach> reaches_;    // by node
};

// The operands' bounds, those of what it changes left out.
std::vector<Interval> bounds_of_others(const Operation& op, const Bounds& bounds) {
    std::vector<Interval> all;
    for (const Operand& one : op.operands)
        all.push_back(one.slot == op.operands[0].slot ? any_reach : bounds.of(one.slot));
    return all;
}

// Whether it leaves all synapses that exist as they are.
bool only_takes_absent_away(const Program& program, const Operation& op) {
    const std::optional<Projection> onto = projection_of(program, op);
    return onto && onto->places && onto->within.low == -no_bound && onto->within.high == no_bound;
}

}  // namespace

Reach reach_of(const Formula& formula, const std::vector<ReachOperand>& operands, Counted counted) {
    return Reaches(formula, operands, counted).value();
}

Reach reach_of(const Program& program, const Operation& op, const Bounds& bounds,
               const Interval& start, const std::vector<Size>& sizes, Counted counted) {
    const SlotId written = op.operands[0].slot;
    std::vector<ReachOperand> operands;
    for (std::size_t k = 0; k < op.operands.size(); ++k) {
        const SlotId slot = op.operands[k].slot;
        const bool own = slot == written;
        const Interval within =
            own ? joined(start, left_within(program, bounds, slot)) : bounds.of(slot);
        operands.push_back({own, within, sizes[k]});
    }
    return reach_of(op.formula, operands, counted);
}

Interval left_within(const Program& program, const Bounds& bounds, SlotId slot) {
    Interval within = {no_bound, -no_bound};
    for (const Operation& op : program.operations) {
        if (op.operands[0].slot != slot || op.kind == Kind::reset) continue;
        if (only_takes_absent_away(program, op)) continue;
        if (traits(op.kind).change != MatrixChange::formula) return any_reach;
        within = joined(within, bounds_of(op.formula, bounds_of_others(op, bounds)));
    }
    return within;
}

Interval share_in(const Operation& op, SlotId slot, const Bounds& bounds) {
    std::vector<ReachOperand> operands;
    for (const Operand& one : op.operands) {
        const bool own = one.slot == slot, result = one.slot == op.operands[0].slot;
        operands.push_back({own, own || result ? any_reach : bounds.of(one.slot), {}});
    }
    return reach_of(op.formula, operands, Counted::constants).keep;
}

}  // namespace apical

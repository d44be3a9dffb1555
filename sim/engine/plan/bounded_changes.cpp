#include "sim/engine/plan/bounded_changes.hpp"

#include <cmath>
#include <utility>

namespace apical {

namespace {

// The bounds that a formula keeps its own strength within: max(W, low), min(W, high) or both in
// turn. Where a bound equals the strength the bound counts (tile_functions.hpp); it matters of 0
// and -0 alone, and then `zero` makes the difference.
std::optional<StrengthBounds> bounds_of(const Formula& formula) {
    StrengthBounds bounds;
    if (formula.size() != 3 && formula.size() != 5) return {};
    const FormulaNode& strength = formula[0];
    if (strength.node != Node::operand || strength.index != Index::synapse || strength.a != 0)
        return {};
    for (std::size_t k = 1; k < formula.size(); k += 2) {
        const FormulaNode &number = formula[k], &by = formula[k + 1];
        if (number.node != Node::number || by.a != k - 1 || by.b != k) return {};
        const bool is_low = by.node == Node::maximum && k == 1;
        if (!is_low && (by.node != Node::minimum || k + 2 != formula.size())) return {};
        const bool is_usual =
            std::isfinite(number.number) && !(number.number == 0.0 && std::signbit(number.number));
        if (!is_usual) return {};
        (is_low ? bounds.low : bounds.high) = number.number;
        if (number.number == 0.0) bounds.zero = 0.0;
    }
    return bounds;
}

class Reading {
public:
    Reading(const OperationOrder& order, const FusedGroup& group)
        : order_(order), matrices_(order.matrices(group.products[0].operations)) {}

    std::optional<DeferrableChange> of(const DeferrableChange& programs) {
        for (std::size_t k = 0; k < matrices_.size(); ++k) {
            if (!order_.is_by_rows(matrices_[k]) || !take(programs.programs[k], matrices_[k]))
                return {};
        }
        if (!made_.traces.empty() && made_.traces.size() != made_.changes.size()) return {};
        for (const Indices* all : {&made_.traces, &made_.changes}) {
            for (const std::size_t i : *all) {
                if (i != all->front() && !are_alike(order_, all->front(), i)) return {};
            }
        }
        if (made_.projections.empty()) made_.bounds.clear();
        return std::move(made_);
    }

private:
    // The operations of one matrix, in their order.
    bool take(const Indices& operations, SlotId matrix) {
        if (operations.empty() || operations.size() > 3) return false;
        std::size_t k = 0;
        const Operation& first = order_.op(operations[0]);
        if (first.kind != Kind::hebb) return false;
        if (order_.out(operations[0]) != matrix) {
            if (operations.size() < 2 || !is_consolidation(operations[1], operations[0], matrix))
                return false;
            made_.traces.push_back(operations[k++]);
        } else {
            made_.decays |= first.retain != 1.0 || first.operands.size() > 3;
        }
        made_.changes.push_back(operations[k++]);
        made_.bounds.emplace_back();
        if (k == operations.size()) return true;
        const Operation& last = order_.op(operations[k]);
        const auto bounds = last.kind == Kind::synaptic && order_.out(operations[k]) == matrix
                                ? bounds_of(last.formula)
                                : std::nullopt;
        if (!bounds || k + 1 != operations.size()) return false;
        made_.bounds.back() = *bounds;
        made_.projections.push_back(operations[k]);
        return true;
    }
    bool is_consolidation(std::size_t i, std::size_t trace, SlotId matrix) const {
        const Operation& op = order_.op(i);
        return op.kind == Kind::consolidate && op.operands.size() == 3 && order_.out(i) == matrix &&
               order_.operand(i, 2) == order_.out(trace);
    }

    const OperationOrder& order_;
    std::vector<SlotId> matrices_;
    DeferrableChange made_;
};

}  // namespace

bool are_alike(const OperationOrder& order, std::size_t a, std::size_t b) {
    const Operation &x = order.op(a), &y = order.op(b);
    if (x.kind != y.kind || x.phase != y.phase || x.gain != y.gain || x.retain != y.retain ||
        x.every != y.every || x.event != y.event || x.windows != y.windows ||
        x.iterations != y.iterations || x.operands.size() != y.operands.size() ||
        order.is_by_rows(order.out(a)) != order.is_by_rows(order.out(b)))
        return false;
    for (std::size_t k = 1; k < x.operands.size(); ++k) {
        if (k != 2 && x.operands[k].slot != y.operands[k].slot) return false;
    }
    return order.out(a) != order.out(b);
}

std::optional<DeferrableChange> bounded_change(const OperationOrder& order, const FusedGroup& group,
                                               const DeferrableChange& programs) {
    return Reading(order, group).of(programs);
}

}  // namespace apical

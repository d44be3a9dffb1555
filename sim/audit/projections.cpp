#include "sim/audit/projections.hpp"

#include <algorithm>
#include <limits>

namespace apical {

namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

bool writes(const Operation& op, SlotId slot) { return op.operands[0].slot == slot; }

// Whether the projection takes place in each step in which the change does.
bool comes_as_often(const Operation& projection, const Operation& change) {
    return projection.every > 0 && change.every % projection.every == 0;
}

bool are_equal(const Interval& a, const Interval& b) { return a.low == b.low && a.high == b.high; }

bool is_followed(const Program& program, const Operation& change) {
    return std::any_of(program.operations.begin(), program.operations.end(),
                       [&](const Operation& op) {
                           return writes(op, change.operands[0].slot) && projection_of(op) &&
                                  comes_as_often(op, change);
                       });
}

}  // namespace

// From the outermost node inwards, to the strength itself.
std::optional<Interval> projection_of(const Operation& op) {
    const bool changes = traits(op.kind).change == MatrixChange::formula && !op.formula.empty() &&
                         op.operands[0].access == Access::update;
    if (!changes) return {};
    Interval within = {-unlimited, unlimited};
    for (std::size_t at = op.formula.size() - 1;;) {
        const FormulaNode& node = op.formula[at];
        if (node.node == Node::operand) {
            const bool own = node.a == 0 && node.index == Index::synapse;
            return own && within.low <= within.high ? std::optional(within) : std::nullopt;
        }
        const bool cuts = node.node == Node::minimum || node.node == Node::maximum;
        if (!cuts && node.node != Node::rectified) return {};
        const bool first = cuts && op.formula[node.a].node == Node::number;
        if (cuts && !first && op.formula[node.b].node != Node::number) return {};
        const double bound = cuts ? op.formula[first ? node.a : node.b].number : 0.0;
        if (node.node == Node::minimum) {
            within.high = std::min(within.high, bound);
        } else {
            within.low = std::max(within.low, bound);
        }
        at = first ? node.b : node.a;
    }
}

bool takes_back_alone(const Program& program, const Operation& op) {
    const std::optional<Interval> within = projection_of(op);
    if (!within) return false;
    return std::all_of(program.operations.begin(), program.operations.end(),
                       [&](const Operation& other) {
                           if (!writes(other, op.operands[0].slot)) return true;
                           const std::optional<Interval> also = projection_of(other);
                           return also ? are_equal(*also, *within) : is_followed(program, other);
                       });
}

Interval kept_within(const Program& program, SlotId slot) {
    Interval kept = {unlimited, -unlimited};
    const std::vector<Operation>& all = program.operations;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!writes(all[i], slot)) continue;
        std::optional<Interval> last;
        for (std::size_t k = i; k < all.size() && all[k].phase == all[i].phase; ++k) {
            if (writes(all[k], slot) && comes_as_often(all[k], all[i]))
                last = projection_of(all[k]);
            if (writes(all[k], slot) && !comes_as_often(all[k], all[i])) last.reset();
        }
        if (!last) return {-unlimited, unlimited};
        kept = {std::min(kept.low, last->low), std::max(kept.high, last->high)};
    }
    return kept.low <= kept.high ? kept : Interval{-unlimited, unlimited};
}

}  // namespace apical

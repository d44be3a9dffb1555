#include "sim/audit/projections.hpp"

#include <algorithm>
#include <limits>

#include "circuits/program/formula_cut.hpp"

namespace apical {

namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

bool writes(const Operation& op, SlotId slot) { return op.operands[0].slot == slot; }

// Whether the projection takes place in each step in which the change does.
bool comes_as_often(const Operation& projection, const Operation& change) {
    if (projection.every <= 0) return false;
    const bool in_stretches = projection.first >= 0 || change.first >= 0;
    if (in_stretches) return projection.every == 1 || steps_of(projection) == steps_of(change);
    return change.every % projection.every == 0;
}

// Whether a phase carries both out one behind the other, once or in each of its iterations.
bool are_together(const Operation& a, const Operation& b) {
    return a.phase == b.phase && a.iterations == b.iterations;
}

// Numbers that no operation writes, 1 at the synapses of the set that exist.
bool are_places(const Program& program, SlotId slot) {
    return program[slot].init.kind == Initializer::Kind::connected &&
           std::none_of(program.operations.begin(), program.operations.end(),
                        [&](const Operation& op) { return writes(op, slot); });
}

bool is_followed(const Program& program, const Operation& change) {
    return std::any_of(program.operations.begin(), program.operations.end(),
                       [&](const Operation& op) {
                           return writes(op, change.operands[0].slot) &&
                                  projection_of(program, op) && comes_as_often(op, change);
                       });
}

}  // namespace

bool Projection::operator==(const Projection& other) const {
    return within.low == other.within.low && within.high == other.within.high &&
           places == other.places;
}

// From the outermost node inwards, to the strength itself.
std::optional<Projection> projection_of(const Program& program, const Operation& op) {
    const Formula& formula = op.formula;
    const bool changes = traits(op.kind).change == MatrixChange::formula && !formula.empty() &&
                         op.operands[0].access == Access::update;
    if (!changes) return {};
    Projection found{{-unlimited, unlimited}, {}};
    std::size_t at = formula.size() - 1;
    if (formula[at].node == Node::select) {
        const FormulaNode& node = formula[at];
        const FormulaNode& by = formula[node.a];
        const bool of_synapse = by.node == Node::operand && by.index == Index::synapse;
        if (!of_synapse || !are_places(program, op.operands[by.a].slot)) return {};
        const FormulaNode& other = formula[node.c];
        if (other.node != Node::number || other.number != 0.0) return {};
        found.places = op.operands[by.a].slot;
        at = node.b;
    }
    while (formula[at].node != Node::operand) {
        const bool rectified = formula[at].node == Node::rectified;
        const std::optional<Cut> cut = rectified
                                           ? Cut{.above = false, .bound = 0.0, .of = formula[at].a}
                                           : cut_at(formula, at);
        if (!cut) return {};
        double& end = cut->above ? found.within.high : found.within.low;
        end = cut->above ? std::min(end, cut->bound) : std::max(end, cut->bound);
        at = cut->of;
    }
    const bool own = formula[at].a == 0 && formula[at].index == Index::synapse;
    if (!own || found.within.low >= found.within.high) return {};
    return found;
}

bool takes_back_alone(const Program& program, const Operation& op) {
    const std::optional<Projection> onto = projection_of(program, op);
    if (!onto) return false;
    return std::all_of(program.operations.begin(), program.operations.end(),
                       [&](const Operation& other) {
                           if (!writes(other, op.operands[0].slot)) return true;
                           const std::optional<Projection> also = projection_of(program, other);
                           return also ? *also == *onto : is_followed(program, other);
                       });
}

Interval kept_within(const Program& program, SlotId slot) {
    constexpr Interval anything = {-unlimited, unlimited};
    Interval kept = {unlimited, -unlimited};
    const std::vector<Operation>& all = program.operations;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!writes(all[i], slot)) continue;
        std::optional<Projection> last;
        for (std::size_t k = i; k < all.size() && are_together(all[k], all[i]); ++k) {
            if (!writes(all[k], slot)) continue;
            last = comes_as_often(all[k], all[i]) ? projection_of(program, all[k]) : std::nullopt;
        }
        if (!last) return anything;
        kept = joined(kept, last->within);
        if (last->places) kept = joined(kept, {0.0, 0.0});
    }
    return kept.low <= kept.high ? kept : anything;
}

}  // namespace apical

#include "sim/audit/shares.hpp"

#include "sim/audit/reach.hpp"

namespace apical {

namespace {

constexpr Interval nothing = {0.0, 0.0}, everything = {1.0, 1.0},
                   any_share = {-limitless_size, limitless_size};

bool is_nothing(const Interval& share) { return share.low == 0.0 && share.high == 0.0; }

// The share of w that x can hold by x <- keep x + share w, while w stays as it is and x begins with
// nothing of it.
Interval gathered_share(const Interval& keep, const Interval& share) {
    if (is_nothing(keep) || is_nothing(share)) return share;
    const double most = keep.size();
    if (!(most < 1.0)) return any_share;
    const Interval all = Interval{1.0, 1.0 / (1.0 - most)} * share;
    const double size = all.size();
    return keep.low < 0.0 ? Interval{-size, size} : joined(nothing, all);
}

}  // namespace

StrengthShares::StrengthShares(const AuditContext& context, const Bounds& bounds)
    : context_(context), bounds_(bounds), held_(context.program().slots.size(), nothing) {
    // Reaches tags of tags of tags, also those that are made later in a step than they are read.
    constexpr int rounds = 3;
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t i = 0; i < held_.size(); ++i) hold(SlotId(i));
    }
}

// Works out the share that a tag holds by all operations that write it.
void StrengthShares::hold(SlotId tag) {
    const Slot& slot = context_.program()[tag];
    if (slot.shape != Shape::per_synapse || context_.is_strength(slot)) return;
    Interval keep = everything, all = nothing, held = nothing;
    for (const std::uint32_t i : context_.writers(tag)) {
        const Operation& op = context_.operations()[i];
        const Interval taken = taken_in(op);
        keep = keep * kept(op);
        all = all + taken;
        held = is_nothing(held) ? taken : joined(held, taken);
    }
    if (!is_nothing(all)) held_[tag.value] = joined(held, gathered_share(keep, all));
}

// The share of the strength in the operation's operand k.
Interval StrengthShares::read(const Operation& op, std::size_t k) const {
    const Slot& slot = context_.slot(op, k);
    if (slot.shape != Shape::per_synapse) return nothing;
    if (!context_.is_strength(slot)) return held(op.operands[k].slot);
    return slot.synapses == context_.slot(op, 0).synapses ? everything : nothing;
}

// The share of the strength that the operation takes up in a step, but for what the result holds
// itself.
Interval StrengthShares::taken_in(const Operation& op) const {
    const std::size_t last = op.operands.size() - 1;
    const SlotId written = op.operands[0].slot;
    switch (traits(op.kind).change) {
        case MatrixChange::by_tag: {
            if (op.operands[last].slot == written) return nothing;
            const Interval gain = {op.gain, op.gain};
            return gain * (last == 2 ? bounds_.of(op.operands[1].slot) : everything) *
                   read(op, last);
        }
        case MatrixChange::overwritten:
            return op.function == Function::none ? read(op, last) : nothing;
        case MatrixChange::formula: {
            Interval all = nothing;
            for (std::size_t k = 1; k < op.operands.size(); ++k) {
                const Interval share = read(op, k);
                if (is_nothing(share) || op.operands[k].slot == written) continue;
                all = all + share_in(op, op.operands[k].slot, bounds_) * share;
            }
            return all;
        }
        case MatrixChange::rank_one:
        case MatrixChange::product:
        case MatrixChange::none:
            return nothing;
    }
    return nothing;
}

// The share of the tag itself that the operation leaves in it.
Interval StrengthShares::kept(const Operation& op) const {
    if (op.operands[0].access == Access::set) return nothing;
    switch (traits(op.kind).change) {
        case MatrixChange::formula:
            return share_in(op, op.operands[0].slot, bounds_);
        case MatrixChange::rank_one: {
            const Interval retain = {op.retain, op.retain};
            return op.operands.size() > 3 ? retain * bounds_.of(op.operands[3].slot) : retain;
        }
        case MatrixChange::by_tag: {
            const bool takes_from_itself = op.operands.back().slot == op.operands[0].slot;
            const Interval gain = {op.gain, op.gain};
            if (!takes_from_itself) return everything;
            return 1.0 + (op.operands.size() == 3 ? gain * bounds_.of(op.operands[1].slot) : gain);
        }
        case MatrixChange::overwritten:
        case MatrixChange::product:
        case MatrixChange::none:
            return everything;
    }
    return everything;
}

Interval StrengthShares::returned(const Operation& change) const {
    return giver(change) ? taken_in(change) : nothing;
}

SlotId StrengthShares::giver(const Operation& change) const {
    for (std::size_t k = 1; k < change.operands.size(); ++k) {
        const SlotId slot = change.operands[k].slot;
        const bool is_tag = !context_.is_strength(context_.program()[slot]);
        if (is_tag && !is_nothing(read(change, k))) return slot;
    }
    return {};
}

}  // namespace apical

#include "sim/audit/sides.hpp"

#include <algorithm>

namespace apical {

namespace {

Side both_sides(const Side& a, const Side& b) {
    if (a.of == Side::Of::nowhere || a == b) return b;
    if (b.of == Side::Of::nowhere) return a;
    return {Side::Of::both, {}};
}

bool lies_in_cells(const Slot& slot) {
    return slot.shape == Shape::per_cell || slot.shape == Shape::history;
}

// Whether synapses carry something in their direction.
bool transmits_forwards(const Operation& op) {
    return traits(op.kind).gathers == Gathers::synapses && op.operands.size() == 3 && !op.reverse;
}

}  // namespace

bool stays_in_place(const Operation& op) {
    return op.kind == Kind::cellwise || op.kind == Kind::remember || op.kind == Kind::reset;
}

// An end is where `conduct` writes, whoever else does.
Sides::Sides(const AuditContext& context)
    : context_(context), sides_(context.program().slots.size()) {
    for (bool grows = true; grows;) {
        grows = false;
        for (const Operation& op : context_.operations()) {
            const SlotId written = op.operands[0].slot;
            if (!lies_in_cells(context_.program()[written])) continue;
            Side& known = sides_[written.value];
            const Side made = both_sides(known, made_by(op));
            grows |= !(made == known);
            known = made;
        }
    }
}

Side Sides::made_by(const Operation& op) const {
    if (op.kind == Kind::conduct) return {Side::Of::end, op.operands[0].slot};
    if (!stays_in_place(op)) return {Side::Of::cell, {}};
    Side made;
    for (std::size_t k = 1; k < op.operands.size(); ++k) {
        const SlotId read = op.operands[k].slot;
        if (lies_in_cells(context_.program()[read])) made = both_sides(made, sides_[read.value]);
    }
    return made;
}

bool Sides::carries(SynapseSetId set, SlotId axon) const {
    return std::any_of(
        context_.operations().begin(), context_.operations().end(), [&](const Operation& op) {
            return transmits_forwards(op) && context_.is_strength(context_.slot(op, 2)) &&
                   context_.slot(op, 2).synapses == set && op.operands[1].slot == axon;
        });
}

bool Sides::is_far(SynapseSetId set) const {
    bool any = false;
    for (const Operation& op : context_.operations()) {
        if (!transmits_forwards(op) || context_.slot(op, 2).synapses != set) continue;
        if (of(op.operands[1].slot).of != Side::Of::end) return false;
        any = true;
    }
    return any;
}

}  // namespace apical

#include "sim/audit/axon_ends.hpp"

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

// Whether a formula is a product of operands and of numbers from 0 to 1.
bool is_product(const Formula& formula) {
    return !formula.empty() && std::all_of(formula.begin(), formula.end(), [](const auto& one) {
        if (one.node == Node::number) return one.number >= 0.0 && one.number <= 1.0;
        return one.node == Node::multiply || one.node == Node::operand;
    });
}

}  // namespace

bool stays_in_place(const Operation& op) {
    return op.kind == Kind::cellwise || op.kind == Kind::remember || op.kind == Kind::reset;
}

bool follows_from_rates(const AuditContext& context, SlotId slot, std::size_t reader) {
    if (context.carrier(slot) == Carrier::rate) return true;
    const std::vector<std::uint32_t>& writers = context.writers(slot);
    if (context.program()[slot].kept || writers.size() != 1) return false;
    const std::size_t made = writers.front();
    const Operation &writer = context.operations()[made], &read = context.operations()[reader];
    const bool at_once = made < reader && writer.phase == read.phase &&
                         writer.every == read.every && writer.kind == Kind::cellwise &&
                         writer.operands[0].access == Access::set;
    return at_once && writer.operands.size() > 1 &&
           std::all_of(writer.operands.begin() + 1, writer.operands.end(), [&](const Operand& one) {
               return follows_from_rates(context, one.slot, made);
           });
}

// An end is where `conduct` writes, whoever else does.
AxonEnds::AxonEnds(const AuditContext& context)
    : context_(context),
      bounds_(context.program(), context.circuit()),
      sides_(context.program().slots.size()) {
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
    for (const Operation& op : context_.operations()) {
        if (!transmits_forwards(op)) continue;
        const Slot& weights = context_.slot(op, 2);
        const SlotId carried = op.operands[1].slot;
        if (context_.is_strength(weights)) {
            carried_.emplace(weights.synapses.value, carried.value);
            // What terminals release of what arrives arrives with it.
            if (side(carried).of == Side::Of::end)
                carried_.emplace(weights.synapses.value, side(carried).axon.value);
        }
        bool& is_far = far_.try_emplace(weights.synapses.value, true).first->second;
        is_far = is_far && side(carried).of == Side::Of::end;
    }
}

Side AxonEnds::made_by(const Operation& op) const {
    if (op.kind == Kind::conduct) return {Side::Of::end, op.operands[0].slot};
    if (!stays_in_place(op)) return {Side::Of::cell, {}};
    Side made;
    for (std::size_t k = 1; k < op.operands.size(); ++k) {
        const SlotId read = op.operands[k].slot;
        if (lies_in_cells(context_.program()[read])) made = both_sides(made, sides_[read.value]);
    }
    return made;
}

bool AxonEnds::carries(SynapseSetId set, SlotId slot) const {
    return carried_.contains({set.value, slot.value});
}

bool AxonEnds::is_far(SynapseSetId set) const {
    const auto found = far_.find(set.value);
    return found != far_.end() && found->second;
}

// Made for the set's presynaptic cells by equations inside them, under the set's name.
bool AxonEnds::is_own(SlotId slot, SynapseSetId set) const {
    if (!set) return false;  // numbers at pairs of cells, of no set
    const Slot& is = context_.program()[slot];
    const SynapseSet& of = context_.circuit()[set];
    return is.what == What::of_rule && is.shape == Shape::per_cell && is.cells == of.pre &&
           is.rule == of.name;
}

bool AxonEnds::is_read_elsewhere(SlotId slot, SynapseSetId set) const {
    const std::vector<std::uint32_t>& readers = context_.readers(slot);
    return std::any_of(readers.begin(), readers.end(), [&](std::uint32_t i) {
        const Operation& op = context_.operations()[i];
        const Slot& written = context_.slot(op, 0);
        const bool carries = op.kind == Kind::transmit && op.operands.size() == 3 &&
                             context_.slot(op, 2).synapses == set;
        const bool changes = !is_vector(written.shape) && written.synapses == set;
        const SlotId made = op.operands[0].slot;
        std::vector<SlotId> seen;
        return !carries && !changes && !is_own(made, set) && !stays_there(made, set, seen);
    });
}

// A share from 0 to 1 that follows from what arrives, from rates and from other such shares.
bool AxonEnds::is_share(SlotId slot, SlotId arriving, SynapseSetId set) const {
    const Interval share = bounds_.of(slot);
    const bool is_part = share.low >= 0.0 && share.high <= 1.0;
    if (!is_own(slot, set) || !is_part || is_read_elsewhere(slot, set)) return false;
    const std::vector<std::uint32_t>& writers = context_.writers(slot);
    return std::all_of(writers.begin(), writers.end(), [&](std::uint32_t i) {
        const Operation& op = context_.operations()[i];
        return op.kind == Kind::cellwise &&
               std::all_of(op.operands.begin() + 1, op.operands.end(), [&](const Operand& one) {
                   return one.slot == arriving || is_own(one.slot, set) ||
                          context_.carrier(one.slot) == Carrier::rate;
               });
    });
}

SlotId AxonEnds::released(SlotId arriving, SynapseSetId set) const {
    const std::vector<std::uint32_t>& writers = context_.writers(arriving);
    if (!is_own(arriving, set) || writers.size() != 1) return {};
    const Operation& made = context_.operations()[writers.front()];
    if (made.kind != Kind::cellwise || !is_product(made.formula)) return {};
    if (is_read_elsewhere(arriving, set)) return {};
    SlotId rate;
    for (std::size_t k = 1; k < made.operands.size(); ++k) {
        const SlotId factor = made.operands[k].slot;
        if (is_share(factor, arriving, set)) continue;
        const bool is_rate = context_.carrier(factor) == Carrier::rate &&
                             context_.program()[factor].cells == context_.circuit()[set].pre;
        if (rate || !is_rate) return {};
        rate = factor;
    }
    return rate;
}

// A number of the presynaptic cells that a rule's cellwise operations make, each of what the set
// carries and of others of its kind. What equations inside the cells make stays there.
bool AxonEnds::is_trace(SlotId slot, SynapseSetId set, std::vector<SlotId>& known) const {
    if (!set || carries(set, slot)) return bool(set);
    if (std::find(known.begin(), known.end(), slot) != known.end()) return true;
    const Slot& is = context_.program()[slot];
    if (is.what != What::of_rule || is.cells != context_.circuit()[set].pre) return false;
    known.push_back(slot);
    const auto& writers = context_.writers(slot);
    if (writers.empty()) return false;
    for (const std::uint32_t i : writers) {
        const Operation& op = context_.operations()[i];
        if (!stays_in_place(op) || op.asker != Asker::rule) return false;
        for (std::size_t k = 1; k < op.operands.size(); ++k) {
            const SlotId read = op.operands[k].slot;
            if (lies_in_cells(context_.program()[read]) && !is_trace(read, set, known))
                return false;
        }
    }
    return true;
}

// Whether what follows from a trace is a trace as well, or at the set's synapses.
bool AxonEnds::stays_there(SlotId slot, SynapseSetId set, std::vector<SlotId>& seen) const {
    if (std::find(seen.begin(), seen.end(), slot) != seen.end()) return true;
    std::vector<SlotId> made_of;
    if (!is_trace(slot, set, made_of)) return false;
    seen.push_back(slot);
    const std::vector<std::uint32_t>& readers = context_.readers(slot);
    return std::all_of(readers.begin(), readers.end(), [&](std::uint32_t i) {
        const Operation& op = context_.operations()[i];
        const Slot& written = context_.slot(op, 0);
        const bool is_at_synapses = !is_vector(written.shape) && written.synapses == set;
        return is_at_synapses || stays_there(op.operands[0].slot, set, seen);
    });
}

bool AxonEnds::is_trace(SlotId slot, SynapseSetId set) const {
    std::vector<SlotId> known;
    if (!is_trace(slot, set, known)) return false;
    return std::all_of(known.begin(), known.end(), [&](SlotId one) {
        const std::vector<std::uint32_t>& readers = context_.readers(one);
        return std::all_of(readers.begin(), readers.end(), [&](std::uint32_t i) {
            const Operation& op = context_.operations()[i];
            const Slot& written = context_.slot(op, 0);
            const bool is_at_synapses = !is_vector(written.shape) && written.synapses == set;
            return is_at_synapses ||
                   std::find(known.begin(), known.end(), op.operands[0].slot) != known.end();
        });
    });
}

}  // namespace apical

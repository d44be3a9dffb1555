#include "sim/audit/terminals.hpp"

#include <algorithm>

namespace apical {

namespace {

// Whether a formula is a product of operands and of numbers from 0 to 1.
bool is_product(const Formula& formula) {
    return !formula.empty() && std::all_of(formula.begin(), formula.end(), [](const auto& one) {
        if (one.node == Node::number) return one.number >= 0.0 && one.number <= 1.0;
        return one.node == Node::multiply || one.node == Node::operand;
    });
}

}  // namespace

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

Terminals::Terminals(const AuditContext& context)
    : context_(context), bounds_(context.program(), context.circuit()) {}

// Made for the set's presynaptic cells by equations inside them, under the set's name.
bool Terminals::is_own(SlotId slot, SynapseSetId set) const {
    if (!set) return false;  // numbers at pairs of cells, of no set
    const Slot& is = context_.program()[slot];
    const SynapseSet& of = context_.circuit()[set];
    return is.what == What::of_rule && is.shape == Shape::per_cell && is.cells == of.pre &&
           is.rule == of.name;
}

bool Terminals::is_read_elsewhere(SlotId slot, SynapseSetId set) const {
    return std::any_of(
        context_.operations().begin(), context_.operations().end(), [&](const Operation& op) {
            const bool reads = std::any_of(op.operands.begin() + 1, op.operands.end(),
                                           [&](const Operand& one) { return one.slot == slot; });
            if (!reads) return false;
            const Slot& written = context_.slot(op, 0);
            const bool carries = op.kind == Kind::transmit && op.operands.size() == 3 &&
                                 context_.slot(op, 2).synapses == set;
            const bool changes = !is_vector(written.shape) && written.synapses == set;
            return !carries && !changes && !is_own(op.operands[0].slot, set);
        });
}

// A share from 0 to 1 that follows from what arrives, from rates and from other such shares.
bool Terminals::is_at_terminals(SlotId slot, SlotId arriving, SynapseSetId set) const {
    const Interval share = bounds_.of(slot);
    const bool is_share = share.low >= 0.0 && share.high <= 1.0;
    if (!is_own(slot, set) || !is_share || is_read_elsewhere(slot, set)) return false;
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

SlotId Terminals::released(SlotId arriving, SynapseSetId set) const {
    const std::vector<std::uint32_t>& writers = context_.writers(arriving);
    if (!is_own(arriving, set) || writers.size() != 1) return {};
    const Operation& made = context_.operations()[writers.front()];
    if (made.kind != Kind::cellwise || !is_product(made.formula)) return {};
    if (is_read_elsewhere(arriving, set)) return {};
    SlotId rate;
    for (std::size_t k = 1; k < made.operands.size(); ++k) {
        const SlotId factor = made.operands[k].slot;
        if (is_at_terminals(factor, arriving, set)) continue;
        const bool is_rate = context_.carrier(factor) == Carrier::rate &&
                             context_.program()[factor].cells == context_.circuit()[set].pre;
        if (rate || !is_rate) return {};
        rate = factor;
    }
    return rate;
}

}  // namespace apical

#include "sim/audit/ages.hpp"

#include <algorithm>
#include <cmath>

#include "sim/audit/formula_bounds.hpp"

namespace apical {

namespace {

// A slot that keeps at least so much of itself in a step is a trace; any other hands on its input.
constexpr double least_kept_by_trace = 0.1;

// How much of its own last value a sum or a formula keeps in one execution.
double own_share_once(const Operation& op) {
    if (!op.formula.empty()) {
        std::vector<bool> own;
        for (const Operand& operand : op.operands)
            own.push_back(operand.slot == op.operands[0].slot);
        return std::abs(kept_share(op.formula, own));
    }
    if (op.function != Function::sum || op.operands.size() != 3) return 1.0;
    return std::abs(op.operands[1].slot == op.operands[0].slot ? op.retain : op.gain);
}

// In a step, in all iterations of its phase.
double own_share(const Operation& op) { return std::pow(own_share_once(op), op.iterations); }

// The populations that drive the firing of each one through synapses, but for constants.
std::vector<std::vector<PopulationId>> sources_of(const AuditContext& context) {
    const Circuit& circuit = context.circuit();
    std::vector<std::vector<PopulationId>> sources(circuit.populations.size());
    for (const Operation& op : context.operations()) {
        if (traits(op.kind).gathers != Gathers::synapses) continue;
        const PopulationId to = context.slot(op, 0).cells, from = context.slot(op, 1).cells;
        const CompartmentId target = context.compartment(op.operands[0].slot);
        const bool drives = !target || circuit.is_soma(target) || circuit[target].gate ||
                            circuit.is_coupled(target);  // a drive is of a soma
        if (!to || !from || !drives || circuit[from].role == Role::constant) continue;
        std::vector<PopulationId>& known = sources[to.value];
        if (std::find(known.begin(), known.end(), from) == known.end()) known.push_back(from);
    }
    return sources;
}

// Tags that cells gather over their synapses, and tags that these are made of.
std::vector<bool> gathered_in(const AuditContext& context) {
    std::vector<bool> all(context.program().slots.size());
    const auto is_tag = [&](SlotId slot) {
        const Slot& is = context.program()[slot];
        return !is_vector(is.shape) && !context.is_strength(is);
    };
    for (bool grows = true; grows;) {
        grows = false;
        for (const Operation& op : context.operations()) {
            const bool gathers = traits(op.kind).gathers == Gathers::own_synapses;
            if (!gathers && !all[op.operands[0].slot.value]) continue;
            for (std::size_t k = 1; k < op.operands.size(); ++k) {
                const SlotId read = op.operands[k].slot;
                if (!is_tag(read) || all[read.value]) continue;
                all[read.value] = grows = true;
            }
        }
    }
    return all;
}

}  // namespace

Ages::Ages(const AuditContext& context, HandedOn handed_on)
    : context_(context),
      handed_on_(handed_on),
      sources_(sources_of(context)),
      gathered_(gathered_in(context)),
      flow_(context.program(),
            [this](const Operation& op, std::size_t k) { return hands_on(op, k); }),
      ages_(context.program().slots.size()) {
    for (std::size_t i = 0; i < ages_.size(); ++i) begun_.emplace_back(i);
    for (const std::uint32_t i : flow_.order()) {
        const Operation& op = context_.operations()[i];
        const SlotId written = op.operands[0].slot;
        for (std::size_t k = 1; k < op.operands.size(); ++k) {
            const SlotId slot = op.operands[k].slot;
            if (slot == written || !hands_on(op, k)) continue;
            const HandsOn how = traits(op.kind).hands_on;
            const double age = how == HandsOn::past ? op.lag : read(slot, i);
            // Under another name it is what it was.
            const bool renamed = how == HandsOn::value && age == ages_[written.value];
            if (age <= ages_[written.value] && !renamed) continue;
            ages_[written.value] = age;
            begun_[written.value] = begun_[slot.value];
        }
    }
}

double Ages::read(SlotId slot, std::size_t i) const {
    const bool never = context_.writers(slot).empty();
    if (never || flow_.closes_loop(i, slot)) return 0.0;
    return ages_[slot.value] + flow_.lateness(i, slot);
}

bool Ages::hands_on(const Operation& op, std::size_t k) const {
    const bool in_place = op.operands[0].access == Access::update;
    if (gathered_[op.operands[0].slot.value]) return hands_on_to_gathered(op);
    switch (traits(op.kind).hands_on) {
        case HandsOn::little_kept:
            return !in_place || own_share(op) < least_kept_by_trace;
        case HandsOn::value:
            return op.function != Function::history;
        case HandsOn::transmitted:
            return op.operands.size() == 2 || hands_on_to_cells(op, k);
        case HandsOn::vector: {
            const bool is_trace =
                in_place && !op.formula.empty() && own_share(op) >= least_kept_by_trace;
            return is_vector(context_.slot(op, 0).shape) && !is_trace;
        }
        case HandsOn::tag:
            return !is_vector(context_.slot(op, k).shape) &&
                   (!in_place || own_share(op) < least_kept_by_trace);
        case HandsOn::between_cells:
            // The number of a gate for all cells is no number of a cell.
            return handed_on_ == HandedOn::from_cells &&
                   context_.slot(op, 0).shape != Shape::scalar;
        case HandsOn::past:  // as old as it goes back
            return op.operands[0].access == Access::set;
        case HandsOn::nothing:
            return false;
    }
    return false;
}

// Whether the age of vectors goes on to a tag that cells gather: sums of it are of the cells again.
bool Ages::hands_on_to_gathered(const Operation& op) const {
    switch (op.operands[0].access) {
        case Access::set:
        case Access::read:
            return true;
        case Access::increment:
            return false;
        case Access::update:
            break;
    }
    const bool is_plain = op.kind == Kind::hebb && op.operands.size() == 3;
    const double share = is_plain ? std::pow(std::abs(op.retain), op.iterations) : own_share(op);
    return share < least_kept_by_trace;
}

// One to one, or to cells that nothing else drives.
bool Ages::hands_on_to_cells(const Operation& op, std::size_t k) const {
    if (handed_on_ == HandedOn::within_cells || k != 1) return false;
    const Slot& strength = context_.slot(op, 2);
    const PopulationId to = context_.slot(op, 0).cells, from = context_.slot(op, 1).cells;
    if (!to || !from || to == from || !context_.is_strength(strength)) return false;
    if (context_.starts().is_zero(strength.synapses)) return false;
    return sources_[to.value].size() == 1 || context_.starts().is_one_to_one(strength.synapses);
}

}  // namespace apical

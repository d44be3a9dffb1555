#include "sim/audit/drives.hpp"

#include <algorithm>

namespace apical {

namespace {

class DriveFinder {
public:
    explicit DriveFinder(const AuditContext& context)
        : context_(context), relayed_(context.circuit().populations.size()) {
        find_relays();
    }

    std::vector<Drive> all() const {
        std::vector<Drive> drives;
        for (std::size_t i = 0; i < context_.operations().size(); ++i) {
            const Operation& op = context_.operations()[i];
            if (op.kind != Kind::fire && op.kind != Kind::readout) continue;
            if (op.function == Function::winners) continue;  // what fired is left, or is not
            drives.push_back({i, op.operands[0].slot, context_.slot(op, 0).cells, {}});
            for (const SlotId voltage : voltages(op))
                for (const SlotId drive : this->drives(voltage)) add(drive, drives.back());
        }
        return drives;
    }

private:
    static bool transmits_through_set(const Operation& op) {
        return traits(op.kind).gathers == Gathers::synapses && op.operands.size() == 3;
    }
    static std::size_t matrix(const Operation& op) { return traits(op.kind).product.matrix; }
    static std::size_t vector(const Operation& op) { return traits(op.kind).product.vector; }

    static std::vector<SlotId> voltages(const Operation& fire) {
        if (fire.kind == Kind::readout) return {fire.operands[1].slot};
        std::vector<SlotId> slots;
        std::size_t k = 1;
        for (const bool gated : fire.gated) {
            slots.push_back(fire.operands[k].slot);
            k += gated ? 2 : 1;
        }
        return slots;
    }

    // The drives to which a slow voltage relaxes, or by which dendrites lead their soma; else the
    // voltage itself.
    std::vector<SlotId> drives(SlotId voltage) const {
        std::vector<SlotId> all;
        for (const std::uint32_t i : context_.writers(voltage)) {
            const Operation& op = context_.operations()[i];
            if (op.kind != Kind::relax) continue;
            if (!is_coupling(op.function)) return {op.operands[1].slot};
            for (const SlotId dendrite : voltages(op))
                for (const SlotId one : drives(dendrite)) all.push_back(one);
            return all;
        }
        return {voltage};
    }

    void add(SlotId drive, Drive& to) const {
        for (const std::uint32_t i : context_.writers(drive)) {
            const Operation& op = context_.operations()[i];
            if (!transmits_through_set(op)) continue;
            const Slot& strength = context_.slot(op, matrix(op));
            const PopulationId from = context_.slot(op, vector(op)).cells;
            if (!context_.is_strength(strength) || !from ||
                context_.starts().is_zero(strength.synapses))
                continue;
            const PopulationId source = origin(from, to.cells);
            const bool constant = context_.circuit()[source].role == Role::constant;
            const Afferent found{strength.synapses, source, source == to.cells, constant,
                                 op.reverse};
            const auto is_same = [&](const Afferent& one) { return one.set == found.set; };
            if (std::none_of(to.afferents.begin(), to.afferents.end(), is_same))
                to.afferents.push_back(found);
        }
    }

    // Through a wire, or through synapses of which each joins a cell with the one of its place.
    bool hands_on(const Operation& op) const {
        if (!transmits_through_set(op)) return true;
        return context_.starts().is_one_to_one(context_.slot(op, matrix(op)).synapses) &&
               context_.slot(op, vector(op)).rows == context_.slot(op, 0).rows;
    }

    // A relay receives from one other population alone, one to one.
    void find_relays() {
        std::vector<std::vector<PopulationId>> sources(relayed_.size());
        std::vector<bool> mixes(relayed_.size());
        for (const Operation& op : context_.operations()) {
            if (traits(op.kind).gathers != Gathers::synapses) continue;
            const bool through_set = transmits_through_set(op);
            const PopulationId from = context_.slot(op, through_set ? vector(op) : 1).cells,
                               to = context_.slot(op, 0).cells;
            if (!from || !to || (!through_set && from == to)) continue;
            if (through_set && !context_.is_strength(context_.slot(op, matrix(op)))) continue;
            const CompartmentId target = context_.compartment(op.operands[0].slot);
            const Circuit& circuit = context_.circuit();
            if (target && !circuit.is_soma(target) && !circuit.is_coupled(target)) continue;
            std::vector<PopulationId>& known = sources[to.value];
            if (std::find(known.begin(), known.end(), from) == known.end()) known.push_back(from);
            if (!hands_on(op)) mixes[to.value] = true;
        }
        for (std::size_t p = 0; p < relayed_.size(); ++p) {
            const bool one = sources[p].size() == 1 && sources[p].front() != PopulationId(p);
            if (one && !mixes[p]) relayed_[p] = sources[p].front();
        }
    }

    // Relays in a ring relay nothing of others.
    PopulationId origin(PopulationId source, PopulationId to) const {
        for (std::size_t k = 0; k < relayed_.size(); ++k) {
            if (source == to || !relayed_[source.value]) break;
            source = relayed_[source.value];
        }
        return source;
    }

    const AuditContext& context_;
    std::vector<PopulationId> relayed_;  // by population: whose rates it hands on
};

}  // namespace

std::vector<Drive> drives_of(const AuditContext& context) { return DriveFinder(context).all(); }

}  // namespace apical

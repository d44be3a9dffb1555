// Criterion vi: there is no second network that is kept like the first.
#include <fmt/format.h>

#include <algorithm>

#include "sim/audit/examination.hpp"

namespace apical {

namespace {

class Copies {
public:
    explicit Copies(Examination& examination) : e_(examination) {}

    void examine(std::size_t index) {
        index_ = index;
        const Operation& op = e_.operations()[index];
        if (op.kind == Kind::transmit && op.operands.size() == 3) examine_use(op, 1, 2);
        if (op.kind == Kind::multiply && op.operands.size() == 3) examine_use(op, 2, 1);
        if (op.kind == Kind::assign && op.operands.size() == 2) examine_assignment(op);
        if (op.kind == Kind::fire) examine_likeness(op);
    }

private:
    // A set's strengths work between the cells that the set connects.
    void examine_use(const Operation& op, std::size_t from, std::size_t through) {
        const Slot& strength = e_.slot(op, through);
        if (!e_.is_strength(strength)) return;
        const PopulationId pre = op.reverse ? strength.cells : strength.pre,
                           post = op.reverse ? strength.pre : strength.cells;
        const Slot &source = e_.slot(op, from), &target = e_.slot(op, 0);
        if (e_.same_cells(source.cells, pre) && e_.same_cells(target.cells, post)) return;
        e_.find(Criterion::no_copy_of_network, index_, strength.name,
                fmt::format("\"{}\" joins \"{}\" to \"{}\" but is used from \"{}\" to \"{}\", "
                            "which takes a copy of it",
                            strength.name, e_.name(strength.pre), e_.name(strength.cells),
                            source.name, target.name),
                fmt::format("give \"{}\" synapses of its own that learn by themselves",
                            e_.name(target.cells)));
    }

    void examine_assignment(const Operation& op) {
        const Slot &copy = e_.slot(op, 0), &original = e_.slot(op, 1);
        if (!copy.synapses || !original.synapses) return;
        e_.find(Criterion::no_copy_of_network, index_, copy.name,
                fmt::format("\"{}\" takes over the strengths of \"{}\"", copy.name, original.name),
                fmt::format("use \"{}\" itself, or let \"{}\" learn by itself", original.name,
                            copy.name));
    }

    // Cells that fire as others do, driven by sets that all began as copies of theirs.
    void examine_likeness(const Operation& fire) {
        const Slot& rate = e_.slot(fire, 0);
        for (const Operation& other : e_.operations()) {
            const Slot& original = e_.slot(other, 0);
            const bool alike = other.kind == Kind::fire && other.activation == fire.activation &&
                               other.gain == fire.gain && other.phase == fire.phase &&
                               original.rows == rate.rows;
            if (!alike || original.cells == rate.cells) continue;
            if (!is_copy(fire.operands[1].slot, other.operands[1].slot)) continue;
            e_.find(
                Criterion::no_copy_of_network, index_, e_.name(rate.cells),
                fmt::format("\"{}\" is \"{}\" once more: the same activation and time "
                            "constant, and each set that drives it began as a copy of one "
                            "that drives \"{}\"",
                            e_.name(rate.cells), e_.name(original.cells), e_.name(original.cells)),
                fmt::format("give \"{}\" strengths of its own", e_.name(rate.cells)));
        }
    }

    bool is_copy(SlotId voltage, SlotId original) const {
        const std::vector<SynapseSetId> sets = afferents(voltage), of = afferents(original);
        return !sets.empty() && std::all_of(sets.begin(), sets.end(), [&](SynapseSetId set) {
            const Initializer& init = e_.circuit()[set].init;
            if (init.kind != Initializer::Kind::copy) return false;
            const SynapseSetId copied = e_.circuit().find_synapses(init.copy_of);
            return std::find(of.begin(), of.end(), copied) != of.end();
        });
    }

    // What a slow voltage relaxes to; else the voltage itself.
    SlotId drive(SlotId voltage) const {
        for (const Operation& op : e_.operations()) {
            if (op.kind == Kind::relax && op.operands[0].slot == voltage)
                return op.operands[1].slot;
        }
        return voltage;
    }

    std::vector<SynapseSetId> afferents(SlotId voltage) const {
        const SlotId driven = drive(voltage);
        std::vector<SynapseSetId> sets;
        for (const Operation& op : e_.operations()) {
            const bool afferent = op.kind == Kind::transmit && op.operands.size() == 3 &&
                                  op.operands[0].slot == driven;
            if (afferent) sets.push_back(e_.slot(op, 2).synapses);
        }
        return sets;
    }

    Examination& e_;
    std::size_t index_ = 0;
};

}  // namespace

void examine_copies(Examination& examination) {
    Copies copies(examination);
    for (std::size_t i = 0; i < examination.operations().size(); ++i) copies.examine(i);
}

}  // namespace apical

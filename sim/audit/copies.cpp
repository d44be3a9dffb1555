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

    // Cells that fire through the same activation as others (or once more themselves), driven by
    // sets that began as theirs did.
    void examine_likeness(const Operation& fire) {
        for (std::size_t i = 0; i < index_; ++i) {
            const Operation& other = e_.operations()[i];
            const bool alike = other.kind == Kind::fire && other.activation == fire.activation &&
                               e_.slot(other, 0).rows == e_.slot(fire, 0).rows;
            if (!alike || other.operands[0].slot == fire.operands[0].slot) continue;
            if (!is_copy(fire.operands[1].slot, other.operands[1].slot)) continue;
            // The copy is the one whose sets say so; else the later one.
            const bool earlier = copies(other.operands[1].slot) && !copies(fire.operands[1].slot);
            earlier ? find_likeness(other, i, fire) : find_likeness(fire, index_, other);
        }
    }

    void find_likeness(const Operation& copy, std::size_t index, const Operation& original) {
        const std::string &rate = e_.slot(copy, 0).name, &of = e_.slot(original, 0).name;
        const std::string cells = e_.name(e_.slot(copy, 0).cells);
        e_.find(Criterion::no_copy_of_network, index, cells,
                fmt::format("\"{}\" is \"{}\" once more, in \"{}\": the same activation, and the "
                            "sets that drive it began as those that drive \"{}\"",
                            rate, of, cells, of),
                fmt::format("give \"{}\" strengths of its own", cells));
    }

    bool copies(SlotId voltage) const {
        const std::vector<SynapseSetId> sets = afferents(voltage);
        return std::any_of(sets.begin(), sets.end(), [&](SynapseSetId set) {
            return e_.circuit()[set].init.kind == Initializer::Kind::copy;
        });
    }

    // Whether all sets that drive the one began as sets that drive the other, or the other way
    // round.
    bool is_copy(SlotId voltage, SlotId original) const {
        const std::vector<SynapseSetId> sets = afferents(voltage), of = afferents(original);
        return began_as(sets, of) || began_as(of, sets);
    }

    bool began_as(const std::vector<SynapseSetId>& sets,
                  const std::vector<SynapseSetId>& of) const {
        bool any_pattern = false;  // alike in more than a constant
        for (const SynapseSetId set : sets) {
            const auto same = [&](SynapseSetId other) { return same_start(set, other); };
            if (std::none_of(of.begin(), of.end(), same)) return false;
            any_pattern |= start_of(set).kind != Initializer::Kind::constant;
        }
        return any_pattern;
    }

    SynapseSetId origin(SynapseSetId set) const {
        const Circuit& circuit = e_.circuit();
        for (std::size_t k = 0; k < circuit.synapses.size(); ++k) {
            if (circuit[set].init.kind != Initializer::Kind::copy) break;
            set = circuit.find_synapses(circuit[set].init.copy_of);
        }
        return set;
    }
    const Initializer& start_of(SynapseSetId set) const { return e_.circuit()[origin(set)].init; }

    // Draws depend on the set's name; other starts are the same wherever they are asked for.
    // Both must come from the same cells, or each from its own.
    bool same_start(SynapseSetId a, SynapseSetId b) const {
        const SynapseSet &first = e_.circuit()[a], &second = e_.circuit()[b];
        const bool recurrent = first.pre == first.post && second.pre == second.post;
        if (first.pre != second.pre && !recurrent) return false;
        if (origin(a) == origin(b)) return a != b;
        const Initializer &one = start_of(a), &other = start_of(b);
        if (one.kind != other.kind) return false;
        switch (one.kind) {
            case Initializer::Kind::constant:
            case Initializer::Kind::identity:
                return one.scale.factor == other.scale.factor;
            case Initializer::Kind::file:
                return one.path == other.path && one.dataset == other.dataset &&
                       one.first_column == other.first_column;
            default:
                return false;
        }
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

// Criterion iii, of what a cell gathers over its own synapses: numbers that the synapses have of
// the presynaptic cells follow from the rates that axons carry.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/audit/audit_context.hpp"
#include "sim/audit/carriers.hpp"

namespace apical {

namespace {

class Gathering {
public:
    Gathering(AuditContext& context, std::size_t index)
        : context_(context), index_(index), op_(context.operations()[index]) {}

    void examine() { follow(op_.operands[1].slot); }

private:
    // Tags are followed to what they are made of; strengths are learned, not carried.
    void follow(SlotId matrix) {
        const bool is_learned = context_.is_strength(context_.program()[matrix]);
        if (is_learned || !followed_.insert(matrix).second) return;
        for (const std::uint32_t i : context_.writers(matrix)) follow(context_.operations()[i]);
    }

    void follow(const Operation& op) {
        switch (traits(op.kind).change) {
            case MatrixChange::rank_one:
                return examine_presynaptic(op.operands[2].slot);
            case MatrixChange::formula:
                for (const FormulaNode& node : op.formula) {
                    if (node.node != Node::operand) continue;
                    const SlotId read = op.operands[node.a].slot;
                    if (node.index == Index::pre) examine_presynaptic(read);
                    if (node.index == Index::synapse) follow(read);
                }
                return;
            case MatrixChange::by_tag:
            case MatrixChange::overwritten:
            case MatrixChange::product:
            case MatrixChange::none:
                break;
        }
        for (const Operand& one : op.operands) {
            if (!is_vector(context_.program()[one.slot].shape)) follow(one.slot);
        }
    }

    void examine_presynaptic(SlotId pre) {
        std::set<SlotId> seen;
        if (follows_from_rates(pre, seen)) return;
        const std::string& name = context_.program()[pre].name;
        context_.find(Criterion::rates_transmitted, index_, name,
                      fmt::format("\"{}\" gathers \"{}\" from the presynaptic cells, {}, which no "
                                  "axon carries",
                                  context_.slot(op_, 0).name, name, text(context_.carrier(pre))),
                      "gather what follows from the rates that the axons carry");
    }

    // Whether a synapse could make it of the rate that it receives, as a trace of it, or of
    // constants, which nothing writes.
    bool follows_from_rates(SlotId slot, std::set<SlotId>& seen) const {
        const bool is_number = context_.program()[slot].shape == Shape::scalar;
        if (is_number || context_.carrier(slot) == Carrier::rate || !seen.insert(slot).second)
            return true;
        const std::vector<std::uint32_t>& writers = context_.writers(slot);
        return std::all_of(writers.begin(), writers.end(), [&](std::uint32_t i) {
            const Operation& op = context_.operations()[i];
            const bool is_own = op.kind == Kind::cellwise || op.kind == Kind::remember ||
                                op.kind == Kind::reset || op.kind == Kind::conduct;
            if (!is_own) return false;
            return std::all_of(op.operands.begin() + 1, op.operands.end(), [&](const Operand& one) {
                return follows_from_rates(one.slot, seen);
            });
        });
    }

    AuditContext& context_;
    std::size_t index_;
    const Operation& op_;
    std::set<SlotId> followed_;
};

}  // namespace

void examine_gathering(AuditContext& context) {
    for (std::size_t i = 0; i < context.operations().size(); ++i) {
        if (traits(context.operations()[i].kind).gathers == Gathers::own_synapses)
            Gathering(context, i).examine();
    }
}

}  // namespace apical

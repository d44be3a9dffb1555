// Criterion vi: there is no second network that is kept like the first.
#include <fmt/format.h>

#include "sim/audit/drives.hpp"

namespace apical {

namespace {

class Copies {
public:
    explicit Copies(AuditContext& context) : context_(context) {}

    // Cells that fire alike are found in twins and blocks.
    void examine(std::size_t index) {
        index_ = index;
        const Operation& op = context_.operations()[index];
        const KindTraits& kind = traits(op.kind);
        const std::size_t count = op.operands.size();
        if (kind.product.matrix > 0 && count == 3)
            examine_use(op, kind.product.vector, kind.product.matrix);
        if (kind.change == MatrixChange::overwritten && count == 2) examine_taking_over(op);
    }

private:
    // A set's strengths work between the cells that the set connects.
    void examine_use(const Operation& op, std::size_t from, std::size_t through) {
        const Slot& strength = context_.slot(op, through);
        if (!context_.is_strength(strength)) return;
        const PopulationId pre = op.reverse ? strength.cells : strength.pre,
                           post = op.reverse ? strength.pre : strength.cells;
        const Slot &source = context_.slot(op, from), &target = context_.slot(op, 0);
        if (context_.same_cells(source.cells, pre) && context_.same_cells(target.cells, post))
            return;
        context_.find(
            Criterion::no_copy_of_network, index_, strength.name,
            fmt::format("\"{}\" joins \"{}\" to \"{}\" but is used from \"{}\" to \"{}\", "
                        "which takes a copy of it",
                        strength.name, context_.name(strength.pre), context_.name(strength.cells),
                        source.name, target.name),
            fmt::format("give \"{}\" synapses of its own that learn by themselves",
                        context_.name(target.cells)));
    }

    void examine_taking_over(const Operation& op) {
        const Slot &copy = context_.slot(op, 0), &original = context_.slot(op, 1);
        const bool takes_over = copy.synapses && original.synapses && !is_vector(copy.shape) &&
                                (op.kind == Kind::assign || context_.is_strength(copy));
        if (!takes_over) return;
        context_.find(
            Criterion::no_copy_of_network, index_, copy.name,
            fmt::format("\"{}\" takes over the strengths of \"{}\"", copy.name, original.name),
            fmt::format("use \"{}\" itself, or let \"{}\" learn by itself", original.name,
                        copy.name));
    }

    AuditContext& context_;
    std::size_t index_ = 0;
};

}  // namespace

void examine_copies(AuditContext& context) {
    Copies copies(context);
    for (std::size_t i = 0; i < context.operations().size(); ++i) copies.examine(i);
    const std::vector<Drive> drives = drives_of(context);
    examine_twins(context, drives);
    examine_blocks(context, drives);
}

}  // namespace apical

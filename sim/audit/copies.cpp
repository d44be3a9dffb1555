// Criterion vi: there is no second network that is kept like the first.
#include <fmt/format.h>

#include "sim/audit/drives.hpp"

namespace apical {

namespace {

class Copies {
public:
    explicit Copies(Examination& examination) : e_(examination) {}

    // Cells that fire alike are found in twins and blocks.
    void examine(std::size_t index) {
        index_ = index;
        const Operation& op = e_.operations()[index];
        const KindTraits& kind = traits(op.kind);
        const std::size_t count = op.operands.size();
        if (kind.product.matrix > 0 && count == 3)
            examine_use(op, kind.product.vector, kind.product.matrix);
        if (kind.change == MatrixChange::overwritten && count == 2) examine_taking_over(op);
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

    void examine_taking_over(const Operation& op) {
        const Slot &copy = e_.slot(op, 0), &original = e_.slot(op, 1);
        const bool takes_over = copy.synapses && original.synapses && !is_vector(copy.shape) &&
                                (op.kind == Kind::assign || e_.is_strength(copy));
        if (!takes_over) return;
        e_.find(Criterion::no_copy_of_network, index_, copy.name,
                fmt::format("\"{}\" takes over the strengths of \"{}\"", copy.name, original.name),
                fmt::format("use \"{}\" itself, or let \"{}\" learn by itself", original.name,
                            copy.name));
    }

    Examination& e_;
    std::size_t index_ = 0;
};

}  // namespace

void examine_copies(Examination& examination) {
    Copies copies(examination);
    for (std::size_t i = 0; i < examination.operations().size(); ++i) copies.examine(i);
    const std::vector<Drive> drives = drives_of(examination);
    examine_twins(examination, drives);
    examine_blocks(examination, drives);
}

}  // namespace apical

// Criterion ii: a matrix is numbers at synapses, and each changes with its own two cells, itself
// and broadcast numbers alone.
#include <fmt/format.h>

#include "sim/audit/audit_context.hpp"

namespace apical {

namespace {

bool is_matrix(const Slot& slot) { return !is_vector(slot.shape) && slot.shape != Shape::history; }

class Matrices {
public:
    Matrices(AuditContext& context, std::size_t index)
        : context_(context), index_(index), op_(context.operations()[index]) {}

    void examine() {
        for (std::size_t k = 0; k < op_.operands.size(); ++k) examine_home(at(k));
        const bool sums =
            traits(op_.kind).gathers == Gathers::sum && op_.function == Function::inner;
        if (sums && is_matrix(at(1))) return reject_sum();
        if (!is_matrix(at(0))) return;
        switch (traits(op_.kind).change) {
            case MatrixChange::rank_one:
                return examine_hebb();
            case MatrixChange::by_tag:
                return examine_consolidate();
            case MatrixChange::formula:
                return examine_formula();
            case MatrixChange::overwritten:
                return examine_overwriting();
            case MatrixChange::product:
                return examine_product();
            case MatrixChange::none:
                return reject_other();
        }
    }

private:
    const Slot& at(std::size_t k) const { return context_.slot(op_, k); }

    void examine_home(const Slot& slot) {
        if (slot.shape == Shape::tensor) {
            context_.find(
                Criterion::matrices_in_synapses, index_, slot.name,
                fmt::format("\"{}\" has three indices, {} numbers for each synapse; nothing in a "
                            "circuit has a place for it",
                            slot.name, slot.rows),
                "sum it up over the cells in a trace of one number a synapse");
        } else if (is_matrix(slot) && !slot.synapses) {
            context_.find(
                Criterion::matrices_in_synapses, index_, slot.name,
                fmt::format("\"{}\" is a matrix between cells that no synapses join", slot.name),
                fmt::format("add a synapse set whose strengths are \"{}\"", slot.name));
        }
    }

    void reject(const Slot& read, const std::string& why) {
        context_.find(
            Criterion::local_plasticity, index_, at(0).name,
            fmt::format("\"{}\" changes with \"{}\", {}", at(0).name, read.name, why),
            "let the change read the two cells of the synapse, its own numbers and broadcast "
            "numbers only");
    }

    void of_cells(std::size_t operand, PopulationId cells, const char* end) {
        const Slot& read = at(operand);
        if (read.shape == Shape::scalar || context_.same_cells(read.cells, cells)) return;
        reject(read, fmt::format("which is not in its {} cells \"{}\"", end, context_.name(cells)));
    }

    void examine_hebb() {
        const Slot& matrix = at(0);
        of_cells(1, matrix.cells, "postsynaptic");
        of_cells(2, matrix.pre, "presynaptic");
        for (std::size_t k = 3; k < op_.operands.size(); ++k)
            of_cells(k, matrix.cells, "postsynaptic");
    }

    void examine_consolidate() {
        if (op_.operands.size() == 3) of_cells(1, at(0).cells, "postsynaptic");
        own(at(op_.operands.size() - 1));
    }

    // Each operand at the end of the synapse that it is read at.
    void examine_formula() {
        for (const FormulaNode& node : op_.formula) {
            if (node.node != Node::operand) continue;
            switch (node.index) {
                case Index::post:
                    of_cells(node.a, at(0).cells, "postsynaptic");
                    break;
                case Index::pre:
                    of_cells(node.a, at(0).pre, "presynaptic");
                    break;
                case Index::synapse:
                    own(at(node.a));
                    break;
                case Index::all:
                    break;
            }
        }
    }

    // A number of the same synapse.
    void own(const Slot& read) {
        const bool same_home = is_matrix(read) && read.shape == at(0).shape &&
                               read.synapses == at(0).synapses && read.cells == at(0).cells;
        if (!same_home) reject(read, "which is at other synapses");
    }

    // The numbers that scale come last and are for all.
    void examine_overwriting() {
        if (op_.function == Function::zero) return;
        if (op_.function != Function::diagonal) own(at(1));
        if (op_.function == Function::diagonal) of_cells(1, at(0).cells, "postsynaptic");
        if (op_.function == Function::jacobian) of_cells(2, at(0).cells, "postsynaptic");
    }

    void examine_product() {
        if (op_.function == Function::credit)
            return reject(at(1), "which it sums up over all cells");
        reject(at(1), "by a product in which each number depends on a whole column");
    }

    void reject_other() {
        context_.find(Criterion::local_plasticity, index_, at(0).name,
                      fmt::format("\"{}\" is written by \"{}\", which is no change of synapses",
                                  at(0).name, traits(op_.kind).verb),
                      "let a local rule change it");
    }

    void reject_sum() {
        context_.find(
            Criterion::local_plasticity, index_, at(0).name,
            fmt::format("\"{}\" is summed up over all synapses of \"{}\"", at(0).name, at(1).name),
            "use a constant, or a number that a population of cells can gather from rates");
    }

    AuditContext& context_;
    std::size_t index_;
    const Operation& op_;
};

}  // namespace

void examine_matrices(AuditContext& context) {
    for (std::size_t i = 0; i < context.operations().size(); ++i) Matrices(context, i).examine();
}

}  // namespace apical

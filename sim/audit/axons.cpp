// Axons that take more than a step. What is on its way along one is no memory, since only synapses
// at its end can read it; so criterion i asks that nothing in the cell does, criterion ii that
// synapses read what their own axons bring, and "online" that axons do nothing but hand on.
#include <fmt/format.h>

#include <algorithm>

#include "sim/audit/axon_ends.hpp"

namespace apical {

namespace {

constexpr double longest_known_ms = 100.0;

class Axons {
public:
    explicit Axons(AuditContext& context) : context_(context), ends_(context) {}

    void examine(std::size_t index) {
        index_ = index;
        const Operation& op = context_.operations()[index];
        if (op.kind == Kind::conduct) examine_axon(op);
        examine_mixing(op);
        const bool at_synapses = traits(op.kind).change != MatrixChange::none &&
                                 !is_vector(context_.slot(op, 0).shape) && !stays_in_place(op);
        if (at_synapses) return examine_change(op);
        if (stays_in_place(op)) return;
        for (std::size_t k = 1; k < op.operands.size(); ++k) examine_reading(op, k);
    }

private:
    // One place on in each step, and by nothing else.
    void examine_axon(const Operation& op) {
        const Slot& end = context_.slot(op, 0);
        const bool is_steady =
            !op.phase && op.every == 1 && op.iterations == 1 && end.line == op.lag;
        const auto& writers = context_.writers(op.operands[0].slot);
        if (!is_steady || writers.size() != 1) {
            context_.find(Criterion::online, index_, end.name,
                          fmt::format("\"{}\" is written by {}, which no axon is", end.name,
                                      writers.size() == 1 ? "an axon that stands still or jumps"
                                                          : "more than one axon"),
                          "let the axon alone hand it on, one place in each step");
        }
        const double ms = in_ms(op.lag * context_.circuit().step_nanoseconds());
        const std::string& of = context_.slot(op, 1).name;
        context_.find(Criterion::long_axon, index_, end.name,
                      fmt::format("an axon holds \"{}\" for {} steps ({:.6g} ms){}", of, op.lag, ms,
                                  ms > longest_known_ms ? "; no such axon is known" : ""),
                      "say how long the axons of these cells are");
    }

    // A vector that is made of both, or once of the one and once of the other.
    void examine_mixing(const Operation& op) {
        const SlotId written = op.operands[0].slot;
        if (ends_.side(written).of != Side::Of::both) return;
        const bool reads_mixed =
            std::any_of(op.operands.begin() + 1, op.operands.end(), [&](const Operand& one) {
                return one.slot != written && ends_.side(one.slot).of == Side::Of::both;
            });
        if (stays_in_place(op) && reads_mixed) return;
        const std::string& name = context_.program()[written].name;
        find_in_cell(name, fmt::format("\"{}\" is made of what arrived at an axon's end and of "
                                       "what is elsewhere",
                                       name));
    }

    void find_in_cell(const std::string& subject, std::string because) {
        context_.find(Criterion::vectors_in_cells, index_, subject, std::move(because),
                      "let synapses read what arrives at an axon's end, and nothing in the cell");
    }

    // Synapses carry it on; a current within one cell is no synapse.
    void examine_reading(const Operation& op, std::size_t k) {
        const SlotId read = op.operands[k].slot;
        if (!ends_.is_at_end(read)) return;
        const Slot& written = context_.slot(op, 0);
        const bool transmits = traits(op.kind).gathers == Gathers::synapses && k == 1;
        const bool within_cell = op.operands.size() == 2 &&
                                 context_.same_cells(written.cells, context_.program()[read].cells);
        if (transmits && !within_cell) return;
        const std::string& name = context_.program()[read].name;
        find_in_cell(name,
                     fmt::format("\"{}\" arrived at an axon's end and is read in the cell, by "
                                 "\"{}\"",
                                 name, written.name));
    }

    void examine_change(const Operation& op) {
        for (std::size_t k = 1; k < op.operands.size(); ++k) {
            const SlotId read = op.operands[k].slot;
            if (!ends_.is_at_end(read) || ends_.side(read).of == Side::Of::both) continue;
            if (!is_presynaptic(op, k)) {
                find_foreign(op, read, "which is at the end of an axon, not in the cell there");
            } else if (!ends_.carries(context_.slot(op, 0).synapses, ends_.side(read).axon)) {
                find_foreign(op, read, "which arrives at synapses of other sets");
            }
        }
    }

    // Whether the change reads the operand in the presynaptic cells, and nowhere else.
    static bool is_presynaptic(const Operation& op, std::size_t k) {
        switch (traits(op.kind).change) {
            case MatrixChange::rank_one:
                return k == 2;
            case MatrixChange::formula:
                return std::none_of(op.formula.begin(), op.formula.end(), [&](const auto& node) {
                    return node.node == Node::operand && node.a == k && node.index == Index::post;
                });
            case MatrixChange::by_tag:
            case MatrixChange::overwritten:
            case MatrixChange::product:
            case MatrixChange::none:
                return false;
        }
        return false;
    }

    void find_foreign(const Operation& op, SlotId read, const char* why) {
        const std::string& changed = context_.slot(op, 0).name;
        context_.find(Criterion::local_plasticity, index_, changed,
                      fmt::format("\"{}\" changes with \"{}\", {}", changed,
                                  context_.program()[read].name, why),
                      "let the change read, of the presynaptic cell, what the set's own axons "
                      "bring");
    }

    AuditContext& context_;
    AxonEnds ends_;
    std::size_t index_ = 0;
};

}  // namespace

void examine_axons(AuditContext& context) {
    const bool any = std::any_of(context.operations().begin(), context.operations().end(),
                                 [](const Operation& op) { return op.kind == Kind::conduct; });
    if (!any) return;
    examine_each<Axons>(context);
}

}  // namespace apical

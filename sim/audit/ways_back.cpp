// What goes back through a circuit's past (`backpropagate`): it is not online, reads inside other
// cells (i), hands on what no axon carries (iii), and uses strengths from where they end to where
// they come from, away from the cells that they join (vi). That it is no change of synapses is
// found where all matrices are (ii).
#include <fmt/format.h>

#include <optional>

#include "sim/audit/audit_context.hpp"
#include "sim/audit/carriers.hpp"

namespace apical {

namespace {

class WaysBack {
public:
    explicit WaysBack(AuditContext& context) : context_(context) {}

    void examine(std::size_t index) {
        const Operation& op = context_.operations()[index];
        if (op.kind != Kind::backpropagate) return;
        index_ = index;
        name_ = context_.slot(op, 0).name;
        examine_time(op);
        examine_cells(op);
        examine_strengths(op);
    }

private:
    void find(Criterion criterion, std::string because, std::string mend) {
        context_.find(criterion, index_, name_, std::move(because), std::move(mend));
    }

    void examine_time(const Operation& op) {
        if (op.lag == 0) return;
        const std::string how_far =
            op.lag < 0 ? "to the beginning of the trial" : fmt::format("by up to {} steps", op.lag);
        find(Criterion::online,
             fmt::format("\"{}\" is made by going back {} through what was", name_, how_far),
             "keep a trace that decays in place of the past values, as an eligibility trace does");
    }

    // The first number that is inside cells which the synapse does not join.
    std::optional<std::size_t> inside_others(const Operation& op) const {
        const Slot& written = context_.slot(op, 0);
        for (std::size_t k = 1; k < op.operands.size(); ++k) {
            const Slot& read = context_.slot(op, k);
            const bool is_inside = read.shape == Shape::per_cell && read.cells &&
                                   context_.carrier(op.operands[k].slot) != Carrier::rate;
            if (is_inside && !context_.same_cells(read.cells, written.cells) &&
                !context_.same_cells(read.cells, written.pre))
                return k;
        }
        return std::nullopt;
    }

    void examine_cells(const Operation& op) {
        if (const std::optional<std::size_t> k = inside_others(op)) {
            const Slot& read = context_.slot(op, *k);
            find(Criterion::vectors_in_cells,
                 fmt::format("\"{}\" is made of \"{}\", which is inside the cells \"{}\"", name_,
                             read.name, context_.name(read.cells)),
                 "let the cells fire it and synapses carry the rate to where it is needed");
        }
        if (const std::optional<std::size_t> k = strength_of_others(op)) {
            const Slot& way = context_.slot(op, *k);
            find(Criterion::rates_transmitted,
                 fmt::format("\"{}\" needs to know in the cells \"{}\" what those of \"{}\" do to "
                             "the loss, which no axon carries",
                             name_, context_.name(way.pre), context_.name(way.cells)),
                 "let the cells fire it as a rate, and let synapses transmit the rate");
        }
    }

    std::optional<std::size_t> strength_of_others(const Operation& op) const {
        for (std::size_t k = 1; k < op.operands.size(); ++k)
            if (context_.is_strength(context_.slot(op, k))) return k;
        return std::nullopt;
    }

    void examine_strengths(const Operation& op) {
        for (std::size_t k = 1; k < op.operands.size(); ++k) {
            const Slot& way = context_.slot(op, k);
            if (!context_.is_strength(way)) continue;
            context_.find(
                Criterion::no_copy_of_network, index_, way.name,
                fmt::format("\"{}\" joins \"{}\" to \"{}\" but \"{}\" takes it from \"{}\" to "
                            "\"{}\", against its direction",
                            way.name, context_.name(way.pre), context_.name(way.cells), name_,
                            context_.name(way.cells), context_.name(way.pre)),
                "give the way back synapses of its own that learn by themselves");
        }
    }

    AuditContext& context_;
    std::size_t index_ = 0;
    std::string name_;
};

}  // namespace

void examine_ways_back(AuditContext& context) { examine_each<WaysBack>(context); }

}  // namespace apical

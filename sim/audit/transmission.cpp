// Criterion iii: a matrix times a vector is transmission by synapses, and what is transmitted is
// the rate that the cells fire in this phase.
#include <fmt/format.h>

#include "sim/audit/axon_ends.hpp"
#include "sim/audit/carriers.hpp"
#include "sim/audit/emission.hpp"

namespace apical {

namespace {

class Transmissions {
public:
    explicit Transmissions(AuditContext& context)
        : context_(context), emission_(context), ends_(context) {}

    void examine(std::size_t index) {
        index_ = index;
        const Operation& op = context_.operations()[index];
        switch (traits(op.kind).gathers) {
            case Gathers::synapses:
                return examine_transmit(op);
            case Gathers::matrix:
                return examine_multiply(op);
            case Gathers::sum: {
                const bool sums = op.function == Function::inner;
                if (sums && context_.slot(op, 1).shape == Shape::per_cell) examine_sum(op);
                return;
            }
            case Gathers::nothing:       // within cells: criterion i; at synapses: criterion ii
            case Gathers::own_synapses:  // sim/audit/gathering.cpp
            case Gathers::interneuron:
            case Gathers::population:
                return;
        }
    }

private:
    void examine_transmit(const Operation& op) {
        const SlotId source = op.operands[1].slot;
        const Slot& carried = context_.slot(op, 1);
        // Within one cell a current needs no axon.
        const bool through_synapses = op.operands.size() == 3;
        if (!through_synapses && context_.same_cells(carried.cells, context_.slot(op, 0).cells))
            return;
        if (through_synapses && context_.carrier(source) != Carrier::rate) {
            if (const SlotId rate = ends_.released(source, context_.slot(op, 2).synapses))
                return examine_phase(op, rate);
        }
        if (context_.carrier(source) != Carrier::rate) {
            const std::string by = through_synapses
                                       ? fmt::format("\"{}\" carries", context_.slot(op, 2).name)
                                       : fmt::format("\"{}\" receives", context_.slot(op, 0).name);
            return context_.find(
                Criterion::rates_transmitted, index_, carried.name,
                fmt::format("{} \"{}\", {}, which no axon carries", by, carried.name,
                            text(context_.carrier(source))),
                "let a compartment of that voltage drive the firing in a phase of its own, behind "
                "a gate, and transmit the rate");
        }
        examine_phase(op, source);
    }

    void examine_phase(const Operation& op, SlotId source) {
        const std::string& phase = context_.program().phase_names[op.phase.value];
        const std::string& name = context_.program()[source].name;
        const PopulationId cells = context_.program()[source].cells;
        switch (emission_.of(context_.remembered(source), op.phase)) {
            case Emission::fires:
            case Emission::holds:
                return;
            case Emission::fires_another:
                return context_.find(
                    Criterion::one_rate_a_phase, index_, name,
                    fmt::format("\"{}\" is transmitted in phase \"{}\", in which \"{}\" fires "
                                "\"{}\"",
                                name, phase, context_.name(cells),
                                emission_.other(cells, op.phase)),
                    "transmit it in a phase of its own");
            case Emission::shut:
                return context_.find(
                    Criterion::gates_obeyed, index_, name,
                    fmt::format("\"{}\" is transmitted in phase \"{}\", in which what "
                                "fires it is shut off",
                                name, phase),
                    "open its gate in that phase, or transmit it while it is open");
        }
    }

    void examine_multiply(const Operation& op) {
        const bool in_place = op.operands.size() == 2;
        if (in_place && context_.slot(op, 0).shape != Shape::per_cell) return;  // matrices: iv
        const Slot& matrix = context_.slot(op, 1);
        const Slot& vector = context_.slot(op, in_place ? 0 : 2);
        context_.find(
            Criterion::rates_transmitted, index_, matrix.name,
            fmt::format("\"{}\" times \"{}\", {}, is a product that no synapses transmit",
                        matrix.name, vector.name,
                        text(context_.carrier(op.operands[in_place ? 0 : 2].slot))),
            "let the cells fire it as a rate, and let synapses of these strengths transmit "
            "the rate to a compartment");
    }

    // A population can gather rates into one number; nothing gathers what is inside cells.
    void examine_sum(const Operation& op) {
        for (const std::size_t k : {1, 2}) {
            if (context_.carrier(rate_of_share(op.operands[k].slot)) == Carrier::rate) continue;
            return context_.find(
                Criterion::rates_transmitted, index_, context_.slot(op, 0).name,
                fmt::format("\"{}\" gathers \"{}\", {}, from all cells", context_.slot(op, 0).name,
                            context_.slot(op, k).name, text(context_.carrier(op.operands[k].slot))),
                "gather rates only");
        }
    }

    // A constant share of a rate, as a mean gathers it, is what a weaker synapse carries of it.
    SlotId rate_of_share(SlotId slot) const {
        if (context_.writers(slot).size() != 1) return slot;
        const Operation& made = context_.operations()[context_.writers(slot)[0]];
        const bool is_share = made.kind == Kind::cellwise && made.function == Function::product &&
                              made.operands.size() == 2;
        return is_share ? made.operands[1].slot : slot;
    }

    AuditContext& context_;
    Emissions emission_;
    AxonEnds ends_;
    std::size_t index_ = 0;
};

}  // namespace

void examine_transmission(AuditContext& context) { examine_each<Transmissions>(context); }

}  // namespace apical

// The words for cells that fire spikes, and for those that fire bursts (circuits/anatomy/spikes.hpp
// has the equations).
//
// In a phase in which the cells fire, behind all that arrives and their relaxation, in this order:
//
//     v <- v - threshold z(t-1)                                         reset = "subtract"
//     adapted <- exp(-h / tau) adapted + z(t-1);  A = threshold + strength adapted
//     wait <- max(wait - 1, 0)
//     z = 1 where v >= A and the cell does not wait, else 0
//     slope = height / threshold max(0, 1 - |v - A| / threshold), 0 while it waits
//     wait <- refractory where it fired
//     v <- reset_to where it fired                                      reset = a number
//
// Equations of [dynamics.*] stand between the first line and the others.
#include <cmath>
#include <utility>

#include "circuits/program/formula_builder.hpp"
#include "circuits/program/program_builder.hpp"

namespace apical {

RuleQuantity ProgramBuilder::number_of_cells(PopulationId cells, std::string quantity,
                                             std::string symbol) const {
    RuleQuantity name(circuit_[cells].name, std::move(quantity), std::move(symbol));
    name.of_cells = true;
    return name;
}

SlotId ProgramBuilder::threshold(PopulationId id) {
    const Spikes& spikes = *circuit_[id].spikes;
    const RuleQuantity name = number_of_cells(id, "threshold", "A");
    if (spikes.adaptation) return signal(id, name);
    Initializer constant;
    constant.scale.factor = spikes.threshold;
    constant.where = spikes.where;
    return state(id, name, constant);
}

SlotId ProgramBuilder::adaptation(PopulationId id) {
    const Adaptation& adaptation = *circuit_[id].spikes->adaptation;
    Initializer constant;
    constant.scale.factor = adaptation.strength;
    constant.where = circuit_[id].spikes->where;
    if (adaptation.cells) {
        constant.first_cell = adaptation.cells->first;
        constant.end_cell = adaptation.cells->end;
    }
    return state(id, number_of_cells(id, "adaptation", "beta"), constant);
}

SlotId ProgramBuilder::adapted(PopulationId id) {
    return state(id, number_of_cells(id, "adapted", "a"));
}

SlotId ProgramBuilder::wait(PopulationId id) { return state(id, number_of_cells(id, "wait")); }

SlotId ProgramBuilder::surrogate_slope(PopulationId id) {
    return signal(id, number_of_cells(id, "slope", "psi"));
}

SlotId ProgramBuilder::bursts(PopulationId id) {
    return signal(id, number_of_cells(id, "burst", "b"));
}

void ProgramBuilder::lose_last_spike(PopulationId id) {
    const Spikes& spikes = *circuit_[id].spikes;
    if (spikes.reset_to) return;
    const SlotId v = voltage(circuit_.soma(id));
    set_sum(v, 1.0, v, -spikes.threshold, last_rate(id));
}

void ProgramBuilder::adapt(PopulationId id) {
    const Spikes& spikes = *circuit_[id].spikes;
    const SlotId a = adapted(id);
    set_sum(a, std::exp(-ms_between() / spikes.adaptation->tau_ms), a, 1.0, last_rate(id));
    FormulaBuilder b;
    const std::uint16_t risen =
        b.made(Node::multiply, b.operand(2, Index::post), b.operand(1, Index::post));
    const std::uint16_t value = b.made(Node::add, b.number(spikes.threshold), risen);
    set_formula(threshold(id), b.formula(value), {a, adaptation(id)});
}

void ProgramBuilder::spike(PopulationId id) {
    const Spikes& spikes = *circuit_[id].spikes;
    if (spikes.adaptation) adapt(id);
    Operation op{.kind = Kind::fire, .function = Function::spike, .gated = {false}, .retain = 0.0};
    op.operands = {{rate(id), Access::set}, {voltage(circuit_.soma(id))}, {threshold(id)}};
    if (spikes.refractory > 0) {
        const SlotId waits = wait(id);
        FormulaBuilder b;
        const std::uint16_t less = b.made(Node::subtract, b.operand(1, Index::post), b.number(1.0));
        set_formula(waits, b.formula(b.made(Node::maximum, less, b.number(0.0))), {waits});
        op.operands.push_back({waits});
    }
    append(std::move(op));
    leave_winners(id);
    append_surrogate(id);
    end_spike(id);
}

void ProgramBuilder::append_surrogate(PopulationId id) {
    const Spikes& spikes = *circuit_[id].spikes;
    FormulaBuilder b;
    const auto zero = b.number(0.0), one = b.number(1.0), size = b.number(spikes.threshold);
    const auto apart = b.made(Node::absolute, b.made(Node::subtract, b.operand(1, Index::post),
                                                     b.operand(2, Index::post)));
    const auto near = b.made(Node::subtract, one, b.made(Node::divide, apart, size));
    auto slope = b.made(Node::multiply, b.number(spikes.height / spikes.threshold),
                        b.made(Node::maximum, near, zero));
    std::vector<SlotId> reads = {voltage(circuit_.soma(id)), threshold(id)};
    if (spikes.refractory > 0) {
        slope = b.made(Node::select, b.operand(3, Index::post), zero, slope);
        reads.push_back(wait(id));
    }
    set_formula(surrogate_slope(id), b.formula(slope), reads);
}

void ProgramBuilder::end_spike(PopulationId id) {
    const Spikes& spikes = *circuit_[id].spikes;
    // Places 1 and 2 of both: what the cells have fired, and what it changes.
    const auto where_fired = [&](double becomes, SlotId changed) {
        FormulaBuilder b;
        const auto value = b.made(Node::select, b.operand(1, Index::post), b.number(becomes),
                                  b.operand(2, Index::post));
        set_formula(changed, b.formula(value), {rate(id), changed});
    };
    if (spikes.refractory > 0) where_fired(spikes.refractory, wait(id));
    if (spikes.reset_to) where_fired(*spikes.reset_to, voltage(circuit_.soma(id)));
}

void ProgramBuilder::burst(PopulationId id, SlotId probability) {
    append({.kind = Kind::fire,
            .function = Function::burst,
            .operands = {{bursts(id), Access::set}, {probability}, {rate(id)}},
            .retain = 0.0});
}

}  // namespace apical

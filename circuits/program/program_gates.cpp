// Gates: their slots, and the words that move or make them.
#include <fmt/format.h>

#include <utility>

#include "circuits/program/gate_formula.hpp"
#include "circuits/program/program_builder.hpp"
#include "circuits/program/quantity_path.hpp"

namespace apical {

SlotId ProgramBuilder::gate(GateId id) {
    const Gate& gate = circuit_[id];
    const std::string compartment = circuit_.full_name(gate.compartment);
    Slot number{
        .name = gate_address(gate.name), .what = What::gate, .gate = id, .where = gate.where};
    Quantity quantity{.path = quantity_path::of_gate(gate.name),
                      .long_name = fmt::format("1 while {} may drive firing", compartment),
                      .symbol = "g"};
    quantity.by_phase = true;
    if (gate.is_by_cells()) {
        number = in_cells(What::gate, gate_of_cells_address(compartment),
                          circuit_[gate.compartment].population);
        number.gate = id;
        number.where = gate.where;
        quantity.long_name = fmt::format("how far {} may drive firing", compartment);
    }
    return slot(std::move(number), std::move(quantity));
}

// What reaches it from the cells that make it, below 0 of those that inhibit.
SlotId ProgramBuilder::gate_drive(GateId id) {
    const CompartmentId c = circuit_[id].compartment;
    const std::string name = gate_of_cells_address(circuit_.full_name(c));
    Slot drive = in_compartment(What::drive, name + ".drive", c);
    drive.gate = id;
    Quantity quantity{
        .path = quantity_path::of_compartment(circuit_[circuit_[c].population].name,
                                              circuit_[c].name, quantity_path::gate_drive),
        .long_name = fmt::format("what arrives at the gate of {}", circuit_.full_name(c)),
        .symbol = "I"};
    quantity.by_phase = true;
    return slot(std::move(drive), std::move(quantity));
}

// "gate.disinhibition.now": what it is at a phase's end; "delay": when in a phase it moves; "aim":
// what it goes on to.
SlotId ProgramBuilder::gate_state(GateId id, std::string_view name) {
    const Gate& gate = circuit_[id];
    Slot state = program_[this->gate(id)];
    state.name = fmt::format("{}.{}", state.name, name);
    state.quantity = name;
    Quantity quantity;
    if (name != "delay") {
        state.kept = true;  // before the run no gate is open
        state.init.kind = Initializer::Kind::constant;
        state.init.scale.factor = gate.closed;
    }
    if (name == "now") {
        quantity.path = quantity_path::of_gate(gate.name + ".now");
        quantity.long_name = fmt::format("how far {} may drive firing at the end of the phase",
                                         circuit_.full_name(gate.compartment));
        quantity.symbol = "g";
        quantity.by_phase = true;
    }
    return slot(std::move(state), std::move(quantity));
}

void ProgramBuilder::set_gate(GateId id, bool open) {
    const Gate& one = circuit_[id];
    const double aim = open ? 1.0 : one.closed;
    if (one.moves_in_phases()) return move_gate(id, aim);
    if (one.window && open) {
        append({.kind = Kind::gate, .operands = {{gate(id), Access::set}}, .gain = one.closed});
        only_in(window(one.window));
    }
    append({.kind = Kind::gate, .operands = {{gate(id), Access::set}}, .gain = aim});
}

// A gate that is late or slow: when it moves is drawn, then come its mean over the phase and what
// it is at the end.
void ProgramBuilder::move_gate(GateId id, double aim) {
    const Gate& one = circuit_[id];
    const auto& [latency, jitter, failure] = one.timing;
    const GateMove move{.aim = aim,
                        .ms = in_ms(circuit_[phase_].repeat * circuit_[phase_].nanoseconds),
                        .tau_ms = one.tau_ms,
                        .is_exact = one.timing.is_exact()};
    const std::vector<double> weights = {aim, latency, jitter, failure, one.tau_ms, move.ms};
    const auto append_move = [&](Function function, SlotId result, Formula formula,
                                 const std::vector<Operand>& read) {
        const Access access = function == Function::moved ? Access::update : Access::set;
        std::vector<Operand> operands = {{result, access}};
        operands.insert(operands.end(), read.begin(), read.end());
        append({.kind = Kind::gate,
                .function = function,
                .operands = std::move(operands),
                .weights = weights,
                .formula = std::move(formula)});
    };
    const GateMoveFormulas formulas = formulas_of(move);
    std::vector<Operand> read = {{gate_state(id, "now")}};
    if (!move.is_exact) {
        read.push_back({gate_state(id, "delay")});
        append_move(Function::delay, read[1].slot, {}, {});
    }
    if (!formulas.aim.empty()) read.push_back({gate_state(id, "aim")});
    append_move(Function::late, gate(id), formulas.mean, read);
    append_move(Function::moved, read[0].slot, formulas.now, read);
    if (!formulas.aim.empty())
        append_move(Function::moved, read[2].slot, formulas.aim, {read[1], read[2]});
}

namespace {

Function function_of(GateForm form) {
    switch (form) {
        case GateForm::threshold:
            return Function::threshold;
        case GateForm::graded:
            return Function::graded;
        case GateForm::divide:
            return Function::divide;
        case GateForm::linear:
            break;
    }
    return Function::linear;
}

}  // namespace

void ProgramBuilder::make_gate(GateId id) {
    const Gate& gate = circuit_[id];
    const GateOfCellsFormulas formulas = formulas_of(gate, in_ms(circuit_[phase_].nanoseconds));
    Operation op{.kind = Kind::gate,
                 .function = function_of(*gate.form),
                 .operands = {{this->gate(id), Access::set}, {gate_drive(id)}},
                 .weights = {gate.scale, gate.closed, gate.tau_ms},
                 .formula = formulas.mean};
    if (!formulas.now.empty()) op.operands.push_back({gate_state(id, "now")});
    append(op);
    if (formulas.now.empty()) return;
    op.operands[0] = {op.operands[2].slot, Access::update};
    op.formula = formulas.now;
    append(std::move(op));
}

}  // namespace apical

// Criterion iii: cells fire through their own activation, one rate a phase, and a compartment
// drives the firing only while the interneuron that gates it has opened it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/program/activation_formula.hpp"
#include "sim/audit/emission.hpp"

namespace apical {

namespace {

class Firing {
public:
    explicit Firing(AuditContext& context) : context_(context), emissions_(context) {}

    void examine(std::size_t index) {
        index_ = index;
        const Operation& op = context_.operations()[index];
        if (!fires(op) || op.function == Function::burst) return;  // bursts: sim/audit/spikes.cpp
        if (op.function == Function::winners) return;  // fewer rates, of cells that fired already
        examine_number_of_rates(op);
        if (traits(op.kind).gathers == Gathers::population) return;  // no activation of each cell
        examine_activation(op);
        std::size_t k = 1;
        for (const bool gated : op.gated) {
            examine_drive(op, k, gated);
            k += gated ? 2 : 1;
        }
    }

private:
    const std::string& phase(const Operation& op) const {
        return context_.program().phase_names[op.phase.value];
    }

    void examine_number_of_rates(const Operation& op) {
        const Slot& rate = context_.slot(op, 0);
        for (std::size_t i = 0; i < index_; ++i) {
            const Operation& other = context_.operations()[i];
            if (!fires(other) || other.phase != op.phase) continue;
            if (other.function == Function::burst || other.function == Function::winners) continue;
            if (!context_.same_cells(context_.slot(other, 0).cells, rate.cells)) continue;
            context_.find(
                Criterion::one_rate_a_phase, index_, rate.name,
                fmt::format("the cells \"{}\" fire both \"{}\" and \"{}\" in phase \"{}\"",
                            context_.name(rate.cells), context_.slot(other, 0).name, rate.name,
                            phase(op)),
                "fire the second in a phase of its own");
        }
    }

    void examine_activation(const Operation& op) {
        const Slot& rate = context_.slot(op, 0);
        constexpr double rounding = 1e-12;
        const bool is_mean = op.gain > 0.0 && std::abs(op.retain + op.gain - 1.0) <= rounding;
        if (!is_mean || op.retain < 0.0) {
            context_.find(
                Criterion::rates_transmitted, index_, rate.name,
                fmt::format("\"{}\" is {:.6g} times its last value and {:.6g} times what its "
                            "voltage says; expected parts of one",
                            rate.name, op.retain, op.gain),
                "let it approach phi of the voltage, r <- (1 - alpha) r + alpha phi(v)");
        }
        if (has_own_alpha(op)) examine_own_alpha(op);
        if (!rate.cells || emits(op) || is_of_cells(op, context_.circuit()[rate.cells])) return;
        context_.find(
            Criterion::rates_transmitted, index_, rate.name,
            fmt::format("\"{}\" is fired through another activation than that of its cells "
                        "\"{}\"",
                        rate.name, context_.name(rate.cells)),
            "fire it through the cells' own activation");
    }

    // It is what the cells have from the start, between 0 and 1, and nothing writes it.
    void examine_own_alpha(const Operation& op) {
        const SlotId alpha = op.operands.back().slot;
        const Slot &rate = context_.slot(op, 0), &is = context_.program()[alpha];
        const Population& cells = context_.circuit()[rate.cells];
        if (cells.alphas && is_number_of(op, op.operands.size() - 1, cells, "alpha")) return;
        context_.find(Criterion::rates_transmitted, index_, rate.name,
                      fmt::format("\"{}\" approaches what its voltage says by \"{}\", which is "
                                  "no alpha of its cells",
                                  rate.name, is.name),
                      "let it approach phi of the voltage, r <- (1 - alpha) r + alpha phi(v)");
    }

    bool is_of_cells(const Operation& op, const Population& cells) const {
        if (op.activation != cells.activation) return false;
        if (cells.spikes.has_value() != (op.function == Function::spike)) return false;
        const WrittenActivation* phi = context_.circuit().written(cells);
        if (op.formula != (phi ? formulas_of(*phi).value : Formula{})) return false;
        for (std::size_t k = 0; phi && k + 1 < places_of(op.formula); ++k)
            if (!is_number_of(op, first_number_of(op) + k, cells, phi->of_cells[k].name))
                return false;
        return true;
    }

    // Whether the operand is what the cells have from the start, each its own, and nothing writes.
    bool is_number_of(const Operation& op, std::size_t operand, const Population& cells,
                      std::string_view name) const {
        const Slot& is = context_.slot(op, operand);
        return is.kept && is.what == What::of_rule && is.rule == cells.name &&
               is.quantity == name && is.cells == context_.slot(op, 0).cells &&
               context_.writers(op.operands[operand].slot).empty();
    }

    void examine_drive(const Operation& op, std::size_t operand, bool gated) {
        const Slot& voltage = context_.slot(op, operand);
        const CompartmentId compartment = context_.compartment(op.operands[operand].slot);
        if (emits(op)) {
            context_.find(
                Criterion::rates_transmitted, index_, context_.slot(op, 0).name,
                fmt::format("\"{}\" is \"{}\", a product made inside the cell, and no "
                            "activation of a voltage",
                            context_.slot(op, 0).name, voltage.name),
                "let a compartment of that voltage drive the firing, or cells of their own "
                "receive it and fire");
            if (!gated) return;
            return examine_gate_of(op, operand, context_.slot(op, operand + 1).gate);
        }
        if (!compartment) {
            return context_.find(
                Criterion::rates_transmitted, index_, voltage.name,
                fmt::format("\"{}\" drives the firing of \"{}\" but is the voltage of "
                            "no compartment",
                            voltage.name, context_.slot(op, 0).name),
                "give it a dendrite");
        }
        const Circuit& circuit = context_.circuit();
        const bool needs_gate = circuit[compartment].gate || !circuit.is_soma(compartment);
        if (!circuit.is_soma(compartment) && circuit[circuit[compartment].population].coupling) {
            return find_gate(voltage, fmt::format("\"{}\" drives firing past the soma, to which "
                                                  "its cells are coupled by conductances",
                                                  voltage.name));
        }
        if (!gated && needs_gate) {
            return find_gate(voltage,
                             fmt::format("\"{}\" drives firing past any gate", voltage.name));
        }
        if (gated) examine_gate_of(op, operand, circuit[compartment].gate);
    }

    // Whether the cells fire what a gate says that they emit.
    bool emits(const Operation& op) const {
        const PopulationId cells = context_.slot(op, 0).cells;
        if (!cells || !op.phase || op.operands.size() != 3) return false;
        const GateId gate = context_.circuit().emitting_gate(cells, op.phase);
        return gate && op.gated == std::vector<bool>{true} &&
               context_.slot(op, 1).quantity ==
                   emitted_quantity(
                       context_.circuit()[context_.circuit()[gate].compartment].name) &&
               context_.slot(op, 2).gate == gate;
    }

    // The gate that the operand behind a drive is must be the drive's own, open and made by then.
    void examine_gate_of(const Operation& op, std::size_t operand, GateId own) {
        const Slot &voltage = context_.slot(op, operand), &gate = context_.slot(op, operand + 1);
        if (!own || gate.what != What::gate || gate.gate != own || !gate.quantity.empty()) {
            const char* other =
                own && gate.gate == own ? "is not its gate's mean" : "gates another compartment";
            return find_gate(voltage, fmt::format("\"{}\" drives firing through \"{}\", which {}",
                                                  voltage.name, gate.name, other));
        }
        if (!examine_gate(op.operands[operand + 1].slot, voltage)) return;
        if (emissions_.is_open(op.operands[operand + 1].slot, op.phase)) return;
        find_gate(voltage,
                  fmt::format("\"{}\" drives firing in phase \"{}\", in which nothing opens \"{}\"",
                              voltage.name, phase(op), context_.slot(op, operand + 1).name));
    }

    // Whether interneurons make the number: a timetable moves them, or synapses bring what they
    // fire, and it is made by the time that it is read.
    bool examine_gate(SlotId gate, const Slot& voltage) {
        const std::string& name = context_.program()[gate].name;
        bool is_made = context_.writers(gate).empty();  // by nothing: it is shut
        for (const std::uint32_t i : context_.writers(gate)) {
            const Operation& op = context_.operations()[i];
            if (!is_made_by_gate(op)) {
                find_gate(voltage, fmt::format("\"{}\" drives firing through \"{}\", which no "
                                               "interneuron makes",
                                               voltage.name, name));
                return false;
            }
            is_made |= i < index_ || is_gate_of_timetable(op);
            if (is_gate_of_cells(op) && !examine_inhibition(op, voltage)) return false;
        }
        if (!is_made) {
            find_gate(voltage,
                      fmt::format("\"{}\" drives firing through \"{}\" before the step has "
                                  "made it",
                                  voltage.name, name));
        }
        return is_made;
    }

    // Whether it says what the gate is: a timetable's reads nothing but the gate's own numbers.
    bool is_made_by_gate(const Operation& op) const {
        if (op.kind != Kind::gate) return false;
        if (op.function == Function::delay || op.function == Function::moved) return false;
        const GateId own = context_.slot(op, 0).gate;
        return is_gate_of_cells(op) ||
               std::all_of(op.operands.begin(), op.operands.end(), [&](const Operand& operand) {
                   return context_.program()[operand.slot].gate == own;
               });
    }

    // Whether all that a gate is made of comes from other cells through synapses.
    bool examine_inhibition(const Operation& gate, const Slot& voltage) {
        const SlotId arrives = gate.operands[1].slot;
        for (const std::uint32_t i : context_.writers(arrives)) {
            const Operation& op = context_.operations()[i];
            const bool is_current =
                op.operands.size() == 2 && op.kind == Kind::transmit &&
                context_.same_cells(context_.slot(op, 0).cells, context_.slot(op, 1).cells);
            if (op.kind == Kind::reset || (op.kind == Kind::transmit && !is_current)) continue;
            find_gate(
                voltage,
                fmt::format("\"{}\" drives firing through \"{}\", which is made of \"{}\", and "
                            "no synapses of interneurons bring that",
                            voltage.name, context_.slot(gate, 0).name,
                            context_.program()[arrives].name));
            return false;
        }
        return true;
    }

    void find_gate(const Slot& voltage, std::string because) {
        context_.find(Criterion::gates_obeyed, index_, voltage.name, std::move(because),
                      "let an interneuron open the compartment in that phase");
    }

    AuditContext& context_;
    Emissions emissions_;
    std::size_t index_ = 0;
};

}  // namespace

void examine_firing(AuditContext& context) { examine_each<Firing>(context); }

}  // namespace apical

// Criterion iii: dendrites lead their soma by the conductances that the cell has, each through the
// gate that the dendrite has.
#include <fmt/format.h>

#include <algorithm>

#include "circuits/program/branches.hpp"
#include "sim/audit/audit_context.hpp"

namespace apical {

namespace {

// Whether two operations do the same, whoever asks for them and when.
bool does_same(const Operation& a, const Operation& b) {
    const bool reads_same = std::equal(a.operands.begin(), a.operands.end(), b.operands.begin(),
                                       b.operands.end(), [](const Operand& x, const Operand& y) {
                                           return x.slot == y.slot && x.access == y.access;
                                       });
    return reads_same && a.kind == b.kind && a.function == b.function && a.gated == b.gated &&
           a.weights == b.weights && a.ms == b.ms && a.formula == b.formula &&
           a.stays_between == b.stays_between && a.every == b.every;
}

class Coupled {
public:
    explicit Coupled(AuditContext& context) : context_(context), circuit_(context.circuit()) {}

    void examine(std::size_t index) {
        index_ = index;
        const Operation& op = context_.operations()[index];
        if (is_of_tree(op)) return examine_tree(op);
        if (op.kind != Kind::relax || !is_coupling(op.function)) return;
        std::vector<CompartmentId> leading;
        std::size_t k = 1;
        for (std::size_t c = 0; c < op.gated.size(); ++c) {
            examine_dendrite(op, c, k, leading);
            k += op.gated[c] ? 2 : 1;
        }
        examine_leak(op);
    }

private:
    // ---- trees, whose operations follow from the conductances that the cell has

    // Whether it makes a number of a branch, or leads a potential of cells whose dendrites are
    // coupled to each other.
    bool is_of_tree(const Operation& op) const {
        const PopulationId cells = context_.slot(op, 0).cells;
        if (!cells || !circuit_[cells].coupling || op.kind == Kind::reset) return false;
        const bool leads = op.kind == Kind::relax && is_coupling(op.function) &&
                           context_.slot(op, 0).what == What::voltage;
        return (leads && circuit_.has_tree(cells)) || is_number_of_branch(op.operands[0].slot);
    }

    bool is_number_of_branch(SlotId slot) const {
        const PopulationId cells = context_.program()[slot].cells;
        using enum BranchNumber;
        for (const CompartmentId c : circuit_[cells].compartments) {
            if (!circuit_.is_led(c)) continue;
            for (const BranchNumber number : {conductance, drive, onward})
                if (slot_of(number, c) == slot) return true;
        }
        return false;
    }

    SlotId slot_of(BranchNumber number, CompartmentId c) const {
        const Program& program = context_.program();
        switch (number) {
            case BranchNumber::voltage:
                return program.voltage_of(c);
            case BranchNumber::before:
                return program.before_of(program.voltage_of(c));
            case BranchNumber::gate:
                return program.first([&](const Slot& slot) {
                    return slot.what == What::gate && slot.gate == circuit_[c].gate &&
                           slot.quantity.empty();
                });
            case BranchNumber::conductance:
            case BranchNumber::drive:
            case BranchNumber::onward:
                break;
        }
        return program.of_rule(name_of_branch(circuit_, number, c));
    }

    void examine_tree(const Operation& op) {
        const PopulationId cells = context_.slot(op, 0).cells;
        const Branches branches(circuit_, cells);
        std::vector<BranchOperation> own;
        if (op.phase) own = branches.coupling(in_ms(circuit_[op.phase].nanoseconds));
        for (const CompartmentId c : circuit_[cells].compartments) {
            if (!circuit_.is_led(c)) continue;
            for (BranchOperation& one : branches.numbers_of(c)) own.push_back(std::move(one));
        }
        if (std::any_of(own.begin(), own.end(), [&](const BranchOperation& one) {
                return does_same(at_slots(one, [&](BranchNumber number,
                                                   CompartmentId c) { return slot_of(number, c); }),
                                 op);
            }))
            return;
        const Slot& led = context_.slot(op, 0);
        find_gate(led, fmt::format("\"{}\" follows from other conductances, gates or potentials "
                                   "than those that its cells \"{}\" have there",
                                   led.name, context_.name(cells)));
    }

    // ---- dendrites on their soma alone

    void find_gate(const Slot& of, std::string because) {
        context_.find(Criterion::gates_obeyed, index_, of.name, std::move(because),
                      "let dendrites lead their soma by the conductances and gates that they have");
    }

    CompartmentId led_by(const Operation& op) const {
        const CompartmentId led = context_.compartment(op.operands[0].slot);
        const bool is_voltage = context_.slot(op, 0).what == What::voltage;
        return led && is_voltage && circuit_.is_soma(led) ? led : CompartmentId{};
    }

    void examine_dendrite(const Operation& op, std::size_t c, std::size_t operand,
                          std::vector<CompartmentId>& leading) {
        const Slot &voltage = context_.slot(op, operand), &soma = context_.slot(op, 0);
        const CompartmentId dendrite = context_.compartment(op.operands[operand].slot);
        const bool is_coupled = dendrite && voltage.what == What::voltage && led_by(op) &&
                                circuit_.is_coupled(dendrite);
        if (!is_coupled) {
            return find_gate(voltage, fmt::format("\"{}\" leads \"{}\", to which nothing couples "
                                                  "it",
                                                  voltage.name, soma.name));
        }
        if (std::find(leading.begin(), leading.end(), dendrite) != leading.end()) {
            return find_gate(voltage,
                             fmt::format("\"{}\" leads \"{}\" twice", voltage.name, soma.name));
        }
        leading.push_back(dendrite);
        if (op.weights[c + 1] != *circuit_[dendrite].conductance) {
            find_gate(voltage, fmt::format("\"{}\" leads \"{}\" by a conductance of {:.6g} / ms; "
                                           "its own is {:.6g}",
                                           voltage.name, soma.name, op.weights[c + 1],
                                           *circuit_[dendrite].conductance));
        }
        examine_gate(op, c, operand, dendrite);
    }

    void examine_gate(const Operation& op, std::size_t c, std::size_t operand,
                      CompartmentId dendrite) {
        const Slot& voltage = context_.slot(op, operand);
        const GateId own = circuit_[dendrite].gate;
        if (!op.gated[c]) {
            if (own)
                find_gate(voltage, fmt::format("\"{}\" leads its soma past the gate \"{}\"",
                                               voltage.name, circuit_[own].name));
            return;
        }
        const Slot& gate = context_.slot(op, operand + 1);
        if (own && gate.what == What::gate && gate.gate == own) return;
        find_gate(voltage, fmt::format("\"{}\" leads its soma through \"{}\", which does not gate "
                                       "it",
                                       voltage.name, gate.name));
    }

    void examine_leak(const Operation& op) {
        const CompartmentId soma = led_by(op);
        if (!soma || !circuit_[circuit_[soma].population].coupling) return;
        const double own = circuit_[circuit_[soma].population].coupling->leak;
        if (op.weights[0] == own) return;
        const Slot& led = context_.slot(op, 0);
        find_gate(led, fmt::format("\"{}\" leaks by {:.6g} / ms; its own leak is {:.6g}", led.name,
                                   op.weights[0], own));
    }

    AuditContext& context_;
    const Circuit& circuit_;
    std::size_t index_ = 0;
};

}  // namespace

void examine_coupling(AuditContext& context) { examine_each<Coupled>(context); }

}  // namespace apical

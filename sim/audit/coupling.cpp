// Criterion iii: dendrites lead their soma by the conductances that the cell has, each through the
// gate that the dendrite has.
#include <fmt/format.h>

#include <algorithm>

#include "sim/audit/audit_context.hpp"

namespace apical {

namespace {

class Coupled {
public:
    explicit Coupled(AuditContext& context) : context_(context), circuit_(context.circuit()) {}

    void examine(std::size_t index) {
        index_ = index;
        const Operation& op = context_.operations()[index];
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

void examine_coupling(AuditContext& context) {
    Coupled coupled(context);
    for (std::size_t i = 0; i < context.operations().size(); ++i) coupled.examine(i);
}

}  // namespace apical

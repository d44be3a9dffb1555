// The experimenter is no circuit: what [event.*] tables ask for is left out before anything is
// judged, and nothing else may intervene.
#include "sim/audit/interventions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/audit/audit_context.hpp"

namespace apical {

namespace {

// A rule's operation is its own, whatever it is called.
bool is_of_event(const Program& program, const Operation& op) {
    return op.kind == Kind::intervene && op.asker != Asker::rule &&
           program[op.operands[1].slot].what == What::event &&
           op.asked_by == program[op.operands[1].slot].name;
}

bool is_held_open(const Circuit& circuit, GateId gate) {
    return std::any_of(circuit.interventions.begin(), circuit.interventions.end(),
                       [&](const Intervention& event) { return event.gate == gate; });
}

// Whether nothing but an event opens the path: the gate is set to 0 in the phase.
bool is_shut(const Program& program, const Circuit& circuit, const Operation& fire,
             std::size_t voltage) {
    const Slot &path = program[fire.operands[voltage].slot],
               &gate = program[fire.operands[voltage + 1].slot];
    if (!path.compartment || !gate.gate || circuit.is_open(path.compartment, fire.phase) ||
        !is_held_open(circuit, gate.gate))
        return false;
    return std::any_of(program.operations.begin(), program.operations.end(),
                       [&](const Operation& op) {
                           return op.kind == Kind::gate && op.phase == fire.phase &&
                                  op.function == Function::none && op.gain == 0.0 &&
                                  op.operands[0].slot == fire.operands[voltage + 1].slot;
                       });
}

// Firing by the paths that may be open without an event.
Operation without_shut_paths(const Program& program, const Circuit& circuit, const Operation& op) {
    Operation own = op;
    own.operands = {op.operands[0]};
    own.gated.clear();
    std::size_t k = 1;
    for (const bool gated : op.gated) {
        const std::size_t end = k + (gated ? 2 : 1);
        if (!gated || !is_shut(program, circuit, op, k)) {
            for (; k < end; ++k) own.operands.push_back(op.operands[k]);
            own.gated.push_back(gated);
        }
        k = end;
    }
    for (; k < op.operands.size(); ++k) own.operands.push_back(op.operands[k]);
    return own;
}

}  // namespace

OwnProgram without_interventions(const Program& program, const Circuit& circuit) {
    OwnProgram own{program, {}, {}};
    own.program.operations.clear();
    for (std::size_t i = 0; i < program.operations.size(); ++i) {
        const Operation& op = program.operations[i];
        if (is_of_event(program, op)) {
            own.interventions.push_back(i);
            continue;
        }
        own.listed.push_back(i);
        own.program.operations.push_back(
            op.kind == Kind::fire ? without_shut_paths(program, circuit, op) : op);
    }
    return own;
}

void examine_interventions(AuditContext& context) {
    for (std::size_t i = 0; i < context.operations().size(); ++i) {
        const Operation& op = context.operations()[i];
        if (op.kind != Kind::intervene) continue;
        const Slot& changed = context.slot(op, 0);
        context.find(
            is_vector(changed.shape) ? Criterion::vectors_in_cells : Criterion::local_plasticity, i,
            changed.name,
            fmt::format("\"{}\" is changed by an intervention that no [event.*] asks for",
                        changed.name),
            "let the circuit make it");
    }
}

}  // namespace apical

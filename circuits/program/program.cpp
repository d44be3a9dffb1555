#include "circuits/program/program.hpp"

namespace apical {

bool holds_gate_of_timetable(const Program& program, const Operation& op) {
    if (op.kind != Kind::intervene) return false;
    const Slot& held = program[op.operands[0].slot];
    return held.what == What::gate && held.shape == Shape::scalar;
}

bool lesions_before(const Program& program, const Operation& op) {
    return op.kind == Kind::intervene && op.asker == Asker::circuit &&
           !is_vector(program[op.operands[0].slot].shape);
}

std::string_view phase_name(const Program& program, PhaseId phase) {
    return phase ? std::string_view(program.phase_names[phase.value]) : "step's end";
}

}  // namespace apical

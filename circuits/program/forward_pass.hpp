#pragma once

#include "circuits/program/program_builder.hpp"

namespace apical {

// Appends what the circuit does without learning: gates, injected rates, transmission, relaxation
// and firing, phase by phase. Throws Error{bad_model} for an instantaneous loop.
void emit_forward_pass(ProgramBuilder& program);

}  // namespace apical

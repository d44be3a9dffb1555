#pragma once

#include "circuits/adjoint/adjoint_program.hpp"

namespace apical {

// Throws Error{bad_model} when the circuit has no loss, or when an operation of the dynamics has no
// derivative, naming the operation and the reason.
AdjointProgram make_adjoint(const Program& program, const Circuit& circuit,
                            const AdjointOptions& options = {});
// Another loss than the circuit's.
AdjointProgram make_adjoint(const Program& program, const Circuit& circuit,
                            const LossOfProgram& loss, const AdjointOptions& options = {});

}  // namespace apical

#pragma once

#include <functional>

#include "circuits/program/program_builder.hpp"

namespace apical {

// What else takes place inside cells. `before_firing` is called once for each phase and population:
// behind what the phase transmits to where its firing is driven, or at the phase's end when it does
// not fire then. `after_firing` is called at the end of each phase.
struct InsideCells {
    std::function<void(PhaseId, PopulationId)> before_firing = {};
    std::function<void(PhaseId)> after_firing = {};
};

// Appends what the circuit does without learning: gates, injected rates, transmission, relaxation
// and firing, phase by phase. Throws Error{bad_model} for an instantaneous loop.
void emit_forward_pass(ProgramBuilder& program, const InsideCells& inside = {});

}  // namespace apical

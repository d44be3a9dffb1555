#pragma once

#include <vector>

#include "circuits/anatomy/anatomy.hpp"
#include "circuits/program/program_builder.hpp"

namespace apical {

// A part of what a circuit does in a phase without learning.
struct ForwardPart {
    enum class What {
        beginning,      // gates open and shut; in the first phase, rates are injected
        arrival,        // what reaches a compartment, and its relaxation
        gating,         // what reaches a gate that cells make, and the gate
        before_firing,  // where equations may take place in cells; once a phase for each population
        firing,         // of a population, in the phases in which it fires
        end,            // where equations may take place behind all firing
    };
    What what = What::beginning;
    PhaseId phase;
    CompartmentId compartment = {};  // of an arrival
    PopulationId population = {};    // before firing, and firing
    GateId gate = {};                // of a gating
};

// The parts of all phases in the order in which they take place: cells that do not fire in a phase
// have their `before_firing` behind all that fires in it, unless a wire carries a potential of
// theirs to others within the phase. Throws Error{bad_model} for an
// instantaneous loop.
std::vector<ForwardPart> forward_parts(const Circuit& circuit);

// Appends the operations of a part: gates, injected rates, transmission, relaxation, firing; none
// where equations may take place.
void emit(ProgramBuilder& program, const ForwardPart& part);

}  // namespace apical

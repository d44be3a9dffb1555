#pragma once

#include <string>
#include <vector>

#include "circuits/program/forward_pass.hpp"
#include "circuits/program/program_builder.hpp"
#include "learning_rules/book/dynamics_table.hpp"

namespace apical {

// Appends what cells that burst do behind their firing: the share "hidden.burst_probability" as
// they have it in text, and "hidden.burst", what their axons carry beside the rate. The text may
// name states of these dynamics, if they are of the cells. Returns the addresses of those that no
// equations have made before. Throws Rejected for names that are none of the cells' own.
std::vector<std::string> emit_bursts(ProgramBuilder& program, PhaseId phase, PopulationId cells,
                                     const std::vector<CellDynamics>& dynamics);

// The cells that have yet to burst in a phase: they do when they have fired, and what the phase
// transmits to the compartments that their share is of has arrived; all at the phase's end.
class AwaitedBursts {
public:
    explicit AwaitedBursts(const Circuit& circuit) : circuit_(circuit) {}

    // The cells that burst behind a part of the forward pass that is there now.
    std::vector<PopulationId> behind(const ForwardPart& part);

private:
    bool lacks(PopulationId cells, PhaseId phase) const;

    const Circuit& circuit_;
    std::vector<PopulationId> awaited_;      // that have fired
    std::vector<CompartmentId> arrived_at_;  // in the phase
};

}  // namespace apical

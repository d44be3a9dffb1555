#pragma once

#include <string>

#include "circuits/anatomy/id.hpp"
#include "circuits/text/error.hpp"

namespace apical {

// Pairs cells one to one in one phase, by no plastic synapses: each cell of the target receives
// gain times a number of the source's cell of its place. A [wire.*] table has one for each of its
// phases, a [teach.*] table one or two.
struct Wire {
    std::string asked_by;          // "wire.plus", "teach.output"
    PopulationId source;           // of as many cells as the target's
    int first_cell = -1;           // of a part of the source's cells; -1: all of them
    CompartmentId source_voltage;  // set: what is carried is this potential, which no axon does
    CompartmentId target;
    PhaseId phase;
    double gain = 1.0;
    bool is_previous = false;  // carries what was at the end of last step
    int delay = 0;             // from 2 on: carries what was at the end of so many steps ago
    bool before = false;       // carries what was before the iteration of its phase
    PhaseId at_end = {};       // set: carries what was at the end of this phase
    WindowId window = {};      // set: it transmits in this window of a trial alone
    bool clamps = false;       // sets the target's voltage at once, whatever its time constant
    Where where = {};

    // Whether it carries what there is by then in the phase.
    bool is_of_now() const { return !is_previous && delay == 0 && !before && !at_end; }
};

}  // namespace apical

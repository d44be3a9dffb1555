#include "sim/model/note_idle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace apical {

namespace {

void note_axon(const std::string& who, int delay, std::int64_t steps,
               std::vector<std::string>& notes) {
    if (delay < steps || delay < 2) return;
    std::string note = fmt::format(
        "[{}] has axons of {} steps, and the run has {}: what the cells "
        "fire does not arrive in it",
        who, delay, steps);
    if (std::ranges::count(notes, note) == 0) notes.push_back(std::move(note));
}

// How many cells, or synapses, the event takes a share; 0 where that is drawn as well.
std::int64_t things_of(const Circuit& circuit, const Intervention& event) {
    if (event.synapses) {
        const SynapseSet& set = circuit[event.synapses];
        if (set.connect) return 0;
        return std::int64_t{circuit[set.post].size} * circuit[set.pre].size;
    }
    const PopulationId cells =
        event.compartment ? circuit[event.compartment].population : event.cells;
    return cells ? circuit[cells].size : 0;
}

void note_share(const Circuit& circuit, const Intervention& event,
                std::vector<std::string>& notes) {
    const std::int64_t things = things_of(circuit, event);
    if (event.fraction >= 1.0 || things == 0) return;
    if (std::round(event.fraction * static_cast<double>(things)) > 0.0) return;
    notes.push_back(
        fmt::format("[event.{}] is of a fraction {:.6g} of {} {}, which is none of them",
                    event.name, event.fraction, things, event.synapses ? "synapses" : "cells"));
}

}  // namespace

void note_idle(const Circuit& circuit, std::int64_t steps, std::vector<std::string>& notes) {
    for (const SynapseUse& use : circuit.uses)
        note_axon("synapses." + circuit[use.set].name, use.delay, steps, notes);
    for (const Wire& wire : circuit.wires) note_axon(wire.asked_by, wire.delay, steps, notes);
    for (const Intervention& event : circuit.interventions) note_share(circuit, event, notes);
    for (const Population& cells : circuit.populations) {
        const bool stays = cells.spikes && cells.spikes->reset_to.value_or(0.0) > 0.0 &&
                           *cells.spikes->reset_to >= cells.spikes->threshold;
        if (!stays) continue;
        notes.push_back(fmt::format(
            "population \"{}\" is reset to {:.6g} by a spike, which is no less than its "
            "threshold, {:.6g}: a cell that has spiked stays above it",
            cells.name, *cells.spikes->reset_to, cells.spikes->threshold));
    }
}

}  // namespace apical

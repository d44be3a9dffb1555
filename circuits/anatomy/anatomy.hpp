#pragma once

#include <string>
#include <variant>
#include <vector>

#include "circuits/anatomy/circuit.hpp"

namespace apical {

// A compartment, whose voltage its afferents make, a gate that cells make, or a population, whose
// rate its open compartments make.
using Station = std::variant<CompartmentId, GateId, PopulationId>;

// Compartments, gates that cells make, and firing populations of one phase in an order in which
// each can be computed from those before it. Throws Error{bad_model} for an instantaneous loop,
// naming its members and a synapse set in it.
std::vector<Station> order_of_phase(const Circuit& circuit, PhaseId phase);

// The circuit as a Graphviz drawing: populations as boxes with their compartments, synapse sets as
// edges that end in a bar when they inhibit, interneurons in grey.
std::string to_dot(const Circuit& circuit, std::string title,
                   const std::vector<SynapseSetId>& inhibitory = {});

// Sets whose bounds leave no strength above 0, and those of which `init` says that none starts
// above 0, and some below.
std::vector<SynapseSetId> inhibitory_at_start(const Circuit& circuit);

}  // namespace apical

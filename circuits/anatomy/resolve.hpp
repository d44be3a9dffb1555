#pragma once

#include <string_view>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/text/keys.hpp"

namespace apical {

// What a name in a model file stands for. Each throws Error{bad_model} at the name's place, listing
// what is known and the nearest name, when there is no such thing.
PhaseId resolve_phase(const Circuit& circuit, const Text& name);
PopulationId resolve_population(const Circuit& circuit, const Text& name);
SynapseSetId resolve_synapses(const Circuit& circuit, const Text& name);

// A window of the trials; `who` begins the message, as in: [gate.teacher] is in.
WindowId resolve_window(const Circuit& circuit, const Text& name, std::string_view who);

// "hidden.apical"; `who` begins the message, as in: gate "vip" opens.
CompartmentId resolve_compartment(const Circuit& circuit, const Text& name, std::string_view who);

// Where synapses end: a compartment, or the gate of its path.
struct SynapseTarget {
    CompartmentId compartment;
    bool is_gate = false;
};
// "hidden.apical", or "hidden.apical.gate"; `who` as of a compartment.
SynapseTarget resolve_target(const Circuit& circuit, const Text& name, std::string_view who);

// Throws unless the text can name something new: letters, digits and _, not starting with a digit.
void check_letters(const Text& name);

// Throws as `check_letters`, and when the text is the first word of another kind of address
// ("gate", "loss", "events", "previous"): for populations and synapse sets.
void check_name(const Text& name);

// Throws: there is no <what> "<name>"; known are ...
[[noreturn]] void reject_unknown(const Text& name, std::string_view what,
                                 const std::vector<std::string>& known);

// The table of one named entry of a section like [gate.*]; throws when it is no table.
Table& inner_table(Entry& entry, std::string_view section);

}  // namespace apical

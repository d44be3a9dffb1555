#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/text/keys.hpp"
#include "circuits/text/value.hpp"

namespace apical {

// Reads phases, activations, populations, gates and synapses of a model whose root has been held
// against its keys, and checks what one key cannot show: names that exist, roles, sizes that fit
// the task, compartments that something drives. Writes defaults into `root`. Throws
// Error{bad_model} with the place, what was found, what was expected and the nearest known name.
Circuit load_circuit(Table& root, const TaskShape& task);

// ---- its parts

// More phases, compartments or uses of synapse sets than this are refused, each: every one is
// looked for among all, so that a file of a megabyte would take minutes.
inline constexpr std::size_t most_of_a_kind = 10'000;

// Throws when there are most_of_a_kind of `what` already and one more stands at `where`.
void check_room(std::size_t count, std::string_view what, const Where& where);

// Reads [trial] and [batch], which may be left out, into a circuit that has nothing yet.
void load_trials(Circuit& circuit, Table& root, const TaskShape& task);

// The window that the key `in` of a section names; unset when it is left out.
WindowId load_window(const Circuit& circuit, const Section& section);

// Reads [[phase]], a list of tables, into a circuit that has nothing yet.
void load_phases(Circuit& circuit, Value& list);

// The longest phase with all its iterations: as many as a circuit may have are counted in 63 bits.
inline constexpr double most_ms_of_iterations = 1e8;

// Reads [[group]], which may be left out, of a circuit that has its phases.
void load_groups(Circuit& circuit, Table& root);

// One [activation.NAME] table. Throws Rejected with all mistakes, each at its place in the text:
// names that are no parameter and not "x", parameters that are not read, a name that is taken.
// Functions and powers are checked when the program is made
// (circuits/program/activation_formula.hpp).
WrittenActivation read_activation(Entry& entry);

// Reads [activation.*], which may be left out.
void load_activations(Circuit& circuit, Table& root);

// The activation that a population fires by; `written` is unset of a built-in one.
struct NamedActivation {
    Activation activation = Activation::linear;
    ActivationId written = {};
};

// The activation of a name, built-in or of the circuit; `key` is where it stands,
// "population.hidden.activation". Throws Error{bad_model} with the nearest name when there is none.
NamedActivation resolve_activation(const Circuit& circuit, const Text& name, std::string_view key);

// Reads the key `fires` of an input population. Throws Error{bad_model} for keys that do not go
// with how it fires.
FiringInput load_firing(const std::string& population, const Section& section);
// Throws Error{bad_model} for a rate at which cells would fire more than once in a step.
void check_firing(const Circuit& circuit);

// Whether some population has the role label.
bool has_label(const Table& populations);

// Reads [population.*] into a circuit that has its phases.
void load_populations(Circuit& circuit, Value& populations, const TaskShape& task);

// The keys that a population's table may have, which depend on its role. Throws for a role that is
// none.
std::vector<Key> keys_of_population(const Table& table, const Where& where,
                                    const std::string& name);

// Reads one [gate.NAME] table into a circuit that has its phases and populations.
void load_gate(Circuit& circuit, Entry& entry);

// Adds a gate of a timetable, which moves as phases begin. Throws when there is one of its name.
void add_gate(Circuit& circuit, const Text& name, CompartmentId opens,
              const std::vector<bool>& open_in, WindowId window);

// Adds a dendrite to cells that are loaded.
CompartmentId add_dendrite(Circuit& circuit, PopulationId cells, std::string_view name,
                           const Where& where);

// Reads the key coupling of cells that have their compartments and time constants.
void load_coupling(Circuit& circuit, PopulationId cells, const Section& section);

// Throws when more dendrites are coupled to a compartment than one operation reads.
void check_coupled_count(const Circuit& circuit, PopulationId cells, const Where& where);

// Reads [synapses.*] into a circuit that has its phases, populations and gates.
void load_synapses(Circuit& circuit, Table& synapses);

// The phases that `during` names, one or several. Throws Error{bad_model} when it names none, or
// one twice.
std::vector<PhaseId> load_during(const Circuit& circuit, const Section& section);

// Notes in what a use of synapses or a wire ends, a compartment or a gate, that it does in a phase.
template <class Target>
void drive_in(Target& target, const Circuit& circuit, PhaseId phase) {
    target.driven_in.resize(circuit.phases.size());
    target.driven_in[phase.value] = true;
}

// Reads [wire.*] and [teach.*], which may be left out, into a circuit that has its phases and
// populations.
void load_wires(Circuit& circuit, Table& root);

// Reads [loss], which may be left out, into a circuit that has all else.
void load_loss(Circuit& circuit, Table& root);

// How late axons bring what they carry.
struct Delay {
    int steps = 0;
    bool by_iteration = false;  // what was before the iteration of the phase
    Where where = {};
};
// What a use of synapses or a wire says in its keys `delay`, also by phase, and `delay_ms`. Throws
// Rejected when both are stated, and for a time that is no whole number of steps.
Delay load_delay(const Circuit& circuit, const Section& section, PhaseId phase);

// Reads [noise.*], which may be left out, into a circuit that has its synapses and wires.
void load_noise(Circuit& circuit, Table& root);

// The length of the run, in steps; 0 when the model does not say it.
std::int64_t steps_of_run(const Table& root);

// Reads [event.*], which may be left out, into a circuit that has all else; a run of `steps` steps.
void load_events(Circuit& circuit, Table& root, std::int64_t steps);

// Reads when an event that does `things` is on and of which cells, from its table; a run of
// `steps`.
void load_event_time(const Circuit& circuit, const Section& section, std::int64_t steps,
                     std::size_t things, Intervention& event);

// Reads the `connect` table of a set that has its cells, name and init.
Connectivity load_connectivity(const Circuit& circuit, const SynapseSet& set, Value& value);

// Gives sets whose `connect` is like another set's, or its reverse, the connectivity of that set.
// Throws Rejected for sets that are like each other in a circle, join other sizes or all cells.
void resolve_likenesses(Circuit& circuit);

// Finds the alpha of cells that say the time constant of their rate, in a circuit that has its
// synapses: the time from one firing to the next follows from the phases in which they fire.
void load_time_constants(Circuit& circuit, Table& populations);

// Reads one entry of tau_ms: a number, or a distribution or a file for all cells.
void load_time_constant(Compartment& compartment, const Section& section, Entry& entry);

// Reads how dendrites of cells move their soma, the keys coupling, transient, impulse and
// backpropagates, when the cells have their compartments and time constants.
void load_compartment_keys(Circuit& circuit, PopulationId cells, const Section& section);

// Reads the table `spikes` of cells that have their compartments, rates and activation.
void load_spikes(Circuit& circuit, PopulationId cells, const Section& population);

// Finds how many firings refractory_ms are, in a circuit that has its synapses.
void load_refractory(Circuit& circuit, Table& populations);

// Reads the `scale_incoming` tables of populations, in a circuit that has its synapses.
void load_scaling(Circuit& circuit, Table& populations);

// Reads one `init` table; `name` is its path, for messages.
Initializer load_initializer(Value& value, const std::string& name, bool of_synapses);

}  // namespace apical

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/anatomy/activation.hpp"
#include "circuits/anatomy/gate.hpp"
#include "circuits/anatomy/id.hpp"
#include "circuits/anatomy/intervention.hpp"
#include "circuits/anatomy/noise_source.hpp"
#include "circuits/anatomy/phase.hpp"
#include "circuits/anatomy/population.hpp"
#include "circuits/anatomy/synapses.hpp"
#include "circuits/anatomy/trial.hpp"
#include "circuits/anatomy/wire.hpp"
#include "circuits/text/error.hpp"

namespace apical {

// What a task asks of a circuit: sizes, and how the output is read out and judged.
struct TaskShape {
    int inputs = 0;
    int outputs = 0;
    Activation readout =
        Activation::softmax;  // softmax with cross-entropy, or linear with squared error
    // A task with trials has periods, in some of which the loss counts.
    bool has_trials = false;
    std::vector<std::string> windows = {}, counts = {};
    bool is_recorded = false;  // it was read from a run file: whether it has trials is not known
};

// What [loss] says that the loss of a step is: rates or a potential, compared with rates of as many
// cells.
struct StatedLoss {
    PopulationId cells;
    CompartmentId voltage;  // set: of this potential, and not of the rates
    PopulationId against;
    int first_cell = -1;                      // of a part of them; -1: of all
    Activation readout = Activation::linear;  // softmax: cross-entropy; linear: half mean square
    PhaseId phase;                            // at whose end it is taken
    Where where = {};
};

// Anatomy and timetable, const once loaded.
struct Circuit {
    std::vector<Phase> phases;
    std::vector<PhaseGroup> groups;
    std::vector<WrittenActivation> activations;
    std::vector<Population> populations;
    std::vector<Compartment> compartments;
    std::vector<Gate> gates;
    std::vector<SynapseSet> synapses;
    std::vector<SynapseUse> uses;     // in the order of the file; a set's own use before its others
    std::vector<Wire> wires;          // in the order of the file, those of [wire.*] first
    std::vector<NoiseSource> noises;  // of [noise.*], in the order of the file
    std::vector<Intervention> interventions;  // of [event.*], in the order of the file
    std::optional<StatedLoss> loss;
    std::optional<Trials> trials;      // unset: steps go on without an end
    std::vector<TrialWindow> windows;  // of a trial; those of the task first

    const Phase& operator[](PhaseId id) const { return phases[id.value]; }
    const WrittenActivation& operator[](ActivationId id) const { return activations[id.value]; }
    const Population& operator[](PopulationId id) const { return populations[id.value]; }
    const Compartment& operator[](CompartmentId id) const { return compartments[id.value]; }
    const Gate& operator[](GateId id) const { return gates[id.value]; }
    const TrialWindow& operator[](WindowId id) const { return windows[id.value]; }
    const SynapseSet& operator[](SynapseSetId id) const { return synapses[id.value]; }

    // Unset when there is none of that name. A compartment's name is "hidden.apical".
    PhaseId find_phase(std::string_view name) const;
    ActivationId find_activation(std::string_view name) const;  // of those that are written
    PopulationId find_population(std::string_view name) const;
    CompartmentId find_compartment(std::string_view name) const;
    SynapseSetId find_synapses(std::string_view name) const;
    WindowId find_window(std::string_view name) const;
    PopulationId find_role(Role role) const;
    // Whether a step has a loss: one that [loss] states, or an output that is compared with a
    // label.
    bool has_loss() const { return loss || (find_role(Role::output) && find_role(Role::label)); }
    // Whether that is the output's: of the readout that the task asks, when it first fires.
    bool has_loss_of_output() const;
    // In the first of these that a step carries out the loss is taken, at its end.
    std::vector<PhaseId> loss_phases() const;

    // The group that a phase is in; null of one that is in none.
    const PhaseGroup* group_of(PhaseId phase) const {
        const int group = (*this)[phase].group;
        return group < 0 ? nullptr : &groups[static_cast<std::size_t>(group)];
    }
    // How often a phase is carried out in a step, by itself or in a group, and how long it takes
    // from one iteration to the next.
    int iterations_of(PhaseId phase) const;
    std::int64_t iteration_nanoseconds(PhaseId phase) const;
    // The first and the last of the phases that are iterated in turn with a phase.
    PhaseId first_in_turn(PhaseId phase) const;
    PhaseId last_in_turn(PhaseId phase) const;

    // Ends of the phases, of the last iteration in groups, from the step's beginning; that of the
    // last is the length of a step.
    std::vector<std::int64_t> phase_ends() const;  // nanoseconds
    std::vector<double> phase_end_ms() const;
    std::int64_t step_nanoseconds() const;
    double step_ms() const;

    // The set's own bounds, on the side of 0 where the presynaptic cells' sign leads.
    StrengthRange strength_range(SynapseSetId set) const;
    // Whether changes of the set's strengths are limited: by such a range, or since some synapses
    // are missing.
    bool is_kept_within(SynapseSetId set) const;

    std::string full_name(CompartmentId compartment) const;  // "hidden.apical"
    CompartmentId soma(PopulationId population) const;
    bool is_soma(CompartmentId compartment) const;
    // Whether the compartment's voltage moves its soma by a conductance.
    bool is_coupled(CompartmentId compartment) const {
        return (*this)[compartment].conductance.has_value();
    }
    std::vector<CompartmentId> coupled_dendrites(PopulationId population) const;
    // Trees: what a coupled dendrite leads, the soma or a branch; the dendrites that are coupled
    // straight to a compartment; whether a dendrite is a branch, which others lead.
    CompartmentId led_by(CompartmentId dendrite) const;
    std::vector<CompartmentId> dendrites_of(CompartmentId led) const;
    bool is_branch(CompartmentId compartment) const;
    bool has_tree(PopulationId population) const;
    // Whether the compartment's potential follows from others alone: a coupled soma, or a branch.
    bool is_led(CompartmentId compartment) const {
        const bool coupled = (*this)[(*this)[compartment].population].coupling.has_value();
        return is_branch(compartment) || (coupled && is_soma(compartment));
    }
    // Where synapses go that drive coupled cells: "basal", or the first one that is coupled.
    CompartmentId driven_dendrite(PopulationId population) const;
    // g / (leak + sum of all g) of a coupled dendrite: its part in where the soma is led by all but
    // a teacher, which is what arrives at a dendrite of the name `taught_dendrite`.
    double share(CompartmentId dendrite) const;
    // Null when the set is used only by what [synapses.*.back] and .again say; the first of several
    // phases.
    const SynapseUse* own_use(SynapseSetId set) const;
    // The own use in this phase; or the last before it (of an unset phase: the last); or the first.
    const SynapseUse* own_use(SynapseSetId set, PhaseId phase) const;
    // Whether the use is between the cells that the set connects, in whichever direction. No
    // synapse can be used between others.
    bool is_between_own_cells(const SynapseUse& use) const;

    // The gate of the dendrite that alone drives the cells' firing in the phase, when what they
    // fire then is another thing than phi of its voltage; unset when there is none.
    GateId emitting_gate(PopulationId cells, PhaseId phase) const;
    // The text of the cells' activation; null when it has none.
    const WrittenActivation* written(const Population& cells) const {
        return cells.written ? &(*this)[cells.written] : nullptr;
    }
    // The name of the cells' activation, as the model file has it.
    std::string_view activation_name(const Population& cells) const;

    // Whether two populations are the same cells, as an error population is its output's. Unset ids
    // are no cells.
    bool same_cells(PopulationId a, PopulationId b) const;

    // A compartment drives the firing of its cells in a phase when its gate is open then;
    // a soma without a gate always does, a dendrite without a gate never. A coupled soma alone
    // drives firing, whatever is open.
    bool is_open(CompartmentId compartment, PhaseId phase) const;
    std::vector<CompartmentId> open_compartments(PopulationId population, PhaseId phase) const;
    // Whether it may drive firing in a phase: one that is open, or a leaking, late or unsure
    // gate's.
    bool may_be_open(CompartmentId compartment, PhaseId phase) const;
    // "hidden.apical", or of a use that ends on the gate of its path "hidden.apical.gate".
    std::string target_name(const SynapseUse& use) const;
    bool is_driven(CompartmentId compartment, PhaseId phase) const;  // a use of synapses ends there
    bool fires(PopulationId population, PhaseId phase) const;        // its rate is made anew
    std::vector<PhaseId> phases_of_firing(PopulationId population) const;
    // Whether a wire hands a potential of these cells on to others within the phase.
    bool hands_on_potential(PopulationId population, PhaseId phase) const;
};

}  // namespace apical

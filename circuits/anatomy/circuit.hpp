#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/anatomy/connectivity.hpp"
#include "circuits/anatomy/id.hpp"
#include "circuits/anatomy/initializer.hpp"
#include "circuits/equations/syntax.hpp"
#include "circuits/text/error.hpp"

namespace apical {

enum class Role : std::uint8_t { cells, input, label, output, error, constant };
// The spellings in model files and SONATA files, in the order of the values.
inline constexpr std::string_view role_names = "cells|input|label|output|error|constant";
std::string_view name_of(Role role);
// Whether the rates of such a population are given; it has no voltage.
constexpr bool is_set_from_outside(Role role) {
    return role == Role::input || role == Role::label || role == Role::constant;
}

enum class Activation : std::uint8_t { linear, tanh, rectified, logistic, softmax, written };
// The activations that cells can have, in the order of the help; softmax is a readout's alone, and
// what is written is known by its own name.
inline constexpr std::string_view activation_names = "tanh|linear|rectified|logistic";
std::string_view name_of(Activation activation);
// The activation of a name in `activation_names`.
Activation activation_of(std::string_view name);

// What the axons of cells do to all other cells (Dale's law).
enum class Sign : std::uint8_t { excitatory, inhibitory };
// The spellings in model files, in the order of the values.
inline constexpr std::string_view sign_names = "excitatory|inhibitory";
std::string_view name_of(Sign sign);

// Between which values the strengths of a set stay, both included.
struct StrengthRange {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();

    bool has_low() const { return low > -std::numeric_limits<double>::infinity(); }
    bool has_high() const { return high < std::numeric_limits<double>::infinity(); }
    bool is_limited() const { return has_low() || has_high(); }
    bool holds(double strength) const { return strength >= low && strength <= high; }
};

// What a task asks of a circuit: sizes, and how the output is read out and judged.
struct TaskShape {
    int inputs = 0;
    int outputs = 0;
    Activation readout =
        Activation::softmax;  // softmax with cross-entropy, or linear with squared error
};

inline constexpr double nanoseconds_per_ms = 1e6;
constexpr double in_ms(std::int64_t nanoseconds) {
    return static_cast<double>(nanoseconds) / nanoseconds_per_ms;
}

// Steps of each period, counted from 0.
struct PeriodicSteps {
    int period = 1;
    int first = 0, last = 0;

    bool operator==(const PeriodicSteps&) const = default;
    bool is_each() const { return period == 1; }
    // Whether a step of a run, counted from 1, is among them.
    bool contain(std::int64_t step) const {
        const std::int64_t in_period = (step - 1) % period;
        return in_period >= first && in_period <= last;
    }
};

// A named stretch of each step, carried out once or in iterations, one behind the other.
struct Phase {
    std::string name;
    std::int64_t nanoseconds = 0;  // of one iteration
    int repeat = 1;                // iterations
    bool together = false;         // synapses carry what was before the iteration
    bool begins_at_rest = false;   // cells begin as before the first step
    PhaseId begins_as = {};        // set: cells begin as at the end of this earlier phase
    PeriodicSteps steps = {};      // in which it is carried out; in the others its time passes
    Where where = {};

    bool sets_back() const { return begins_at_rest || begins_as; }
};

// An activation phi(x) that a model has as text.
struct WrittenActivation {
    std::string name;
    Expression equation;  // of the one name "x", the voltage; parameters are numbers in it
    Where where;
};

// Cells of one kind: r <- (1 - alpha) r + alpha phi(drive).
struct Population {
    std::string name;
    Role role = Role::cells;
    int size = 0;  // cells
    Activation activation = Activation::linear;
    ActivationId written = {};  // of an activation that is written
    double alpha = 1.0;  // per step, dimensionless, in (0, 1]: step / time constant of the rate
    double rate_tau_ms = 0.0;                 // that alpha follows from; 0: alpha is given
    std::vector<CompartmentId> compartments;  // the soma first
    Initializer initial_rate;                 // r(0)
    PopulationId same_cells_as;  // an error population's output population: the same cells
    PhaseId fires_in;            // of an error population
    std::optional<Sign> sign;    // of all strengths of the sets that come from these cells
    Where where;
};

struct Compartment {
    std::string name;
    PopulationId population;
    double tau_ms = 0.0;  // 0: the voltage follows its drive at once
    GateId gate;          // unset: a soma always drives firing, a dendrite never does
    Where where;
    std::vector<bool> driven_in = {};  // by phase: a use of synapses ends here; empty: none does
};

// An interneuron that opens or closes a compartment's path to the soma.
struct Gate {
    std::string name;
    CompartmentId compartment;
    std::vector<bool> open_in;  // by phase
    Where where;
};

// A matrix of strengths, rows postsynaptic. What PyNN calls a projection. Where no synapse is, the
// strength is 0 and stays it.
struct SynapseSet {
    std::string name;
    PopulationId pre;
    PopulationId post;
    Initializer init;
    Where where;
    StrengthRange bounds = {};  // that the set's own table states; see Circuit::strength_range
    std::optional<Connectivity> connect = {};  // unset: all synapses exist
};

// One use of a synapse set: from a population's rate to a compartment in one phase.
struct SynapseUse {
    SynapseSetId set;
    PopulationId source;
    CompartmentId source_voltage;  // set: what is carried is this voltage, which no axon does
    CompartmentId target;
    PhaseId phase;
    bool own = false;      // the set's own use, not one of its others
    int delay = 0;         // 1: carries last step's rate
    bool before = false;   // carries the rate that was before the iteration of its phase
    bool reverse = false;  // against the direction of the synapse
    Where where;
};

// Anatomy and timetable, const once loaded.
struct Circuit {
    std::vector<Phase> phases;
    std::vector<WrittenActivation> activations;
    std::vector<Population> populations;
    std::vector<Compartment> compartments;
    std::vector<Gate> gates;
    std::vector<SynapseSet> synapses;
    std::vector<SynapseUse> uses;  // in the order of the file; a set's own use before its others

    const Phase& operator[](PhaseId id) const { return phases[id.value]; }
    const WrittenActivation& operator[](ActivationId id) const { return activations[id.value]; }
    const Population& operator[](PopulationId id) const { return populations[id.value]; }
    const Compartment& operator[](CompartmentId id) const { return compartments[id.value]; }
    const Gate& operator[](GateId id) const { return gates[id.value]; }
    const SynapseSet& operator[](SynapseSetId id) const { return synapses[id.value]; }

    // Unset when there is none of that name. A compartment's name is "hidden.apical".
    PhaseId find_phase(std::string_view name) const;
    ActivationId find_activation(std::string_view name) const;  // of those that are written
    PopulationId find_population(std::string_view name) const;
    CompartmentId find_compartment(std::string_view name) const;
    SynapseSetId find_synapses(std::string_view name) const;
    PopulationId find_role(Role role) const;
    // Whether a step has a loss: an output that is compared with a label.
    bool has_loss() const { return find_role(Role::output) && find_role(Role::label); }

    // Ends of the phases, from the step's beginning; that of the last is the length of a step.
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
    // Null when the set is used only by what [synapses.*.back] and .again say.
    const SynapseUse* own_use(SynapseSetId set) const;
    // Whether the use is between the cells that the set connects, in whichever direction. No
    // synapse can be used between others.
    bool is_between_own_cells(const SynapseUse& use) const;

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
    // a soma without a gate always does, a dendrite without a gate never.
    bool is_open(CompartmentId compartment, PhaseId phase) const;
    std::vector<CompartmentId> open_compartments(PopulationId population, PhaseId phase) const;
    bool is_driven(CompartmentId compartment, PhaseId phase) const;  // a use of synapses ends there
    bool fires(PopulationId population, PhaseId phase) const;        // its rate is made anew
};

}  // namespace apical

#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/anatomy/connectivity.hpp"
#include "circuits/anatomy/emitted_rate.hpp"
#include "circuits/anatomy/id.hpp"
#include "circuits/anatomy/initializer.hpp"
#include "circuits/anatomy/wire.hpp"
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
    int group = -1;  // of those of the circuit; -1: none

    bool sets_back() const { return begins_at_rest || begins_as; }
};

// Neighbouring phases that are carried out in turn, all of them once in each iteration.
struct PhaseGroup {
    PhaseId first, last;
    int repeat = 1;  // iterations
    Where where;
};

// An activation phi(x) that a model has as text.
struct WrittenActivation {
    std::string name;
    Expression equation;  // of "x", the voltage, and `of_cells`; other parameters are numbers in it
    Where where;
    // Parameters of which each cell has its own number.
    struct OfCells {
        std::string name;
        Initializer init;
    };
    std::vector<OfCells> of_cells = {};
};

// How a soma follows the dendrites that are coupled to it, u' = -leak u + sum of g (v - u): by the
// exact solution while all stays as it is, by Euler's step, or at once.
enum class Solver : std::uint8_t { exact, euler, steady };
// The spellings in model files, in the order of the values.
inline constexpr std::string_view solver_names = "exact|euler|steady";

// Where a teacher's conductance stands. It is no part of what cells predict by themselves.
inline constexpr std::string_view taught_dendrite = "teacher";

// Dendrites move their soma by conductances, which stand in Compartment::conductance.
struct Coupling {
    double leak = 0.0;  // per ms
    Solver solver = Solver::exact;
    Where where = {};
};

// The sum of the strengths that a cell receives is kept, of the absolute values (norm 1) or as the
// root of the sum of squares (norm 2).
struct IncomingScaling {
    std::vector<SynapseSetId> of;  // summed up, and scaled
    double to = 1.0;
    int norm = 1;
    double tau_ms = 0.0;   // with which it is neared; 0: it is kept at once
    bool at_most = false;  // strengths are scaled down alone
    Where where = {};
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
    std::vector<bool> also_fires_in = {};  // by phase: also when nothing drives them; empty: none
    std::optional<Sign> sign;  // of all strengths of the sets that come from these cells
    Where where;
    std::optional<Coupling> coupling = {};   // set: dendrites move the soma, which alone fires
    std::optional<Initializer> alphas = {};  // of each cell; then alpha is what they are about
    std::optional<Initializer> bias = {};    // of each cell, added to what arrives at the soma
    std::optional<IncomingScaling> scaling = {};
};

struct Compartment {
    std::string name;
    PopulationId population;
    double tau_ms = 0.0;  // 0: the voltage follows its drive at once
    GateId gate;          // unset: a soma always drives firing, a dendrite never does
    Where where;
    std::vector<bool> driven_in = {};  // by phase: a use of synapses ends here; empty: none does
    std::optional<double> conductance = {};  // onto a coupled soma, per ms
    bool transient = false;                  // its drive is 0 in phases that transmit nothing to it
    bool impulse = false;         // what arrives is added to the voltage, which decays with tau_ms
    double backpropagated = 0.0;  // times the cell's own last rate, arrives here as well
    std::optional<Initializer> tau = {};  // of each cell, in ms; then tau_ms is what it is about

    // With which the voltage approaches its drive through a phase, in all cells alike; 0 where it
    // does not.
    double approaches_in_ms() const { return impulse || tau ? 0.0 : tau_ms; }
};

// What cells that gate make of the inhibition x that they send (circuits/program/gate_formula.hpp).
enum class GateForm : std::uint8_t { threshold, graded, divide, linear };
// The spellings in model files, in the order of the values.
inline constexpr std::string_view gate_form_names = "threshold|graded|divide|linear";

// How the moves of a gate keep to its timetable.
struct GateTiming {
    double latency_ms = 0.0,
           jitter_ms = 0.0;  // from a phase's beginning to the move, N(0, 1) jitter
    double failure = 0.0;    // the probability that it does not move

    bool is_exact() const { return latency_ms == 0.0 && jitter_ms == 0.0 && failure == 0.0; }
};

// An interneuron, or the cells, that open or close a compartment's path to the soma.
struct Gate {
    std::string name;
    CompartmentId compartment;
    std::vector<bool> open_in;  // by phase: it is meant to be open
    Where where;
    double closed = 0.0;  // what is left of the path while it is shut
    double tau_ms = 0.0;  // with which it opens and closes; 0: at once
    GateTiming timing = {};
    std::optional<GateForm> form = {};   // set: cells make it, one number for each gated cell
    double scale = 1.0;                  // of the form; of `threshold` where it shuts
    std::vector<bool> driven_in = {};    // by phase: a use of synapses ends here; empty: none does
    std::vector<bool> may_open_in = {};  // by phase: it is not surely 0
    std::optional<EmittedRate> emits = {};

    bool is_by_cells() const { return form.has_value(); }
    // Whether its number at a phase's end is another one than over the phase.
    bool moves_in_phases() const { return tau_ms > 0.0 || !timing.is_exact(); }
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

    // Whether what is kept has a number for each synapse that exists.
    bool is_by_rows() const { return connect && connect->by_rows; }
    // Whether it has one for each pair of cells, also where no synapse is.
    bool has_gaps() const { return connect && !connect->by_rows; }
};

// One use of a synapse set: from a population's rate to a compartment in one phase.
struct SynapseUse {
    SynapseSetId set;
    PopulationId source;
    CompartmentId source_voltage;  // set: what is carried is this voltage, which no axon does
    CompartmentId target;
    PhaseId phase;
    bool own = false;      // a use of the set itself, not one of its others
    int delay = 0;         // 1: carries last step's rate
    bool before = false;   // carries the rate that was before the iteration of its phase
    bool reverse = false;  // against the direction of the synapse
    Where where;
    GateId gate = {};  // set: the use ends on the gate of the target's path, not in the target
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
    std::vector<SynapseUse> uses;  // in the order of the file; a set's own use before its others
    std::vector<Wire> wires;       // in the order of the file, those of [wire.*] first
    std::optional<StatedLoss> loss;

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

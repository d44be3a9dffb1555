#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/anatomy/activation.hpp"
#include "circuits/anatomy/id.hpp"
#include "circuits/anatomy/initializer.hpp"
#include "circuits/anatomy/spikes.hpp"
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

// What the axons of cells do to all other cells (Dale's law).
enum class Sign : std::uint8_t { excitatory, inhibitory };
// The spellings in model files, in the order of the values.
inline constexpr std::string_view sign_names = "excitatory|inhibitory";
std::string_view name_of(Sign sign);

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
    std::optional<Spikes> spikes = {};       // set: its soma makes it fire 0 or 1 in each step
    std::optional<Bursts> bursts = {};       // set: its axons carry a second number
    std::optional<FiringInput> firing = {};  // of an input: how it is made to spike
    int winners = 0;  // at most so many fire, those with the most of what they fire by; 0: all
    Where where_winners = {};
};

struct Compartment {
    std::string name;
    PopulationId population;
    double tau_ms = 0.0;  // 0: the voltage follows its drive at once
    GateId gate;          // unset: a soma always drives firing, a dendrite never does
    Where where;
    std::vector<bool> driven_in = {};  // by phase: a use of synapses ends here; empty: none does
    std::optional<double> conductance = {};  // onto what it is coupled to, per ms
    bool transient = false;                  // its drive is 0 in phases that transmit nothing to it
    bool impulse = false;         // what arrives is added to the voltage, which decays with tau_ms
    double backpropagated = 0.0;  // times the cell's own last rate, arrives here as well
    std::optional<Initializer> tau = {};  // of each cell, in ms; then tau_ms is what it is about
    CompartmentId coupled_to = {};        // of a coupled dendrite, a branch; unset: the soma
    double leak = 0.0;                    // of a branch, to which others are coupled, per ms
    // Set: synapses bring a conductance, which leads what it is coupled to here.
    std::optional<double> reversal = {};

    // With which the voltage approaches its drive through a phase, in all cells alike; 0 where it
    // does not.
    double approaches_in_ms() const { return impulse || tau ? 0.0 : tau_ms; }
};

}  // namespace apical

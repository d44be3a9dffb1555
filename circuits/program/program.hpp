#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/anatomy/address.hpp"
#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/operation.hpp"
#include "circuits/program/rule_quantity.hpp"
#include "circuits/program/synapse_rows.hpp"

namespace apical {

enum class Shape : std::uint8_t {
    scalar,
    per_cell,
    per_synapse,  // a matrix at the synapses of a set
    per_pair,     // a matrix between the cells of a population, joined by no synapses
    tensor,       // M_kij, a number for each cell k and synapse ij: columns are n times the set's
    history,      // columns are the last steps, the newest first
};
constexpr bool is_vector(Shape shape) { return shape == Shape::scalar || shape == Shape::per_cell; }

// What a slot is, as whoever makes it says. Its members say of what.
enum class What : std::uint8_t {
    rate,          // what `cells` fire: held by the soma, or made by `dendrites` alone
    voltage,       // of `compartment`
    drive,         // that the voltage of `compartment` relaxes to
    slope,         // of the activation at the voltage of `compartment`
    gate,          // 1 while `gate` is open
    strength,      // of `synapses`
    tag,           // `quantity` at `synapses`, beside the strengths
    of_rule,       // `quantity`, which `rule` makes or keeps for itself
    loss,          // of the step
    measured,      // `quantity`, by who watches the run: no operation has it, and it may be NaN
    previous,      // the slot `of` at the end of last step
    before,        // the slot `of` before this iteration of a phase
    at_end,        // the slot `of` at the end of `phase`
    at_rest,       // the slot `of` before the first step
    history,       // the slot `of` in the last steps, as `quantity` of `rule`
    intermediate,  // made by what performs a program; it is not looked at
    axon,          // what arrives of the slot `of` at the end of an axon of line - 1 places before
    noise,         // the draws of a [noise.*] table, `quantity`
    event,         // 1 while the event `quantity` is on
    chosen,        // 1 of what the event `quantity` changes, else 0
    clock,         // 1 in a window of the trial, or where one begins or ends: `quantity`
    beginning,     // what the slot `of` is set to where a trial begins
};

// Storage: where numbers live, what they are and of what. Its name is its address, for listings and
// for what users write; nothing is found out from it. Whether it carries a rate or a voltage the
// audit infers from the operations that write it, whatever `what` says.
struct Slot {
    std::string name = {};  // "hidden.soma.v", "previous(hidden.r)", "W_rec"
    What what = What::of_rule;
    SlotId of = {};
    PhaseId phase = {};
    Shape shape = Shape::scalar;
    PopulationId cells = {};     // home cells, the rows; unset for a scalar
    PopulationId pre = {};       // presynaptic cells, the columns, of a matrix
    SynapseSetId synapses = {};  // at which the entries are
    CompartmentId compartment = {};
    std::vector<CompartmentId> dendrites = {};
    GateId gate = {};
    std::string rule = {};      // label of a [plasticity.*] table
    std::string quantity = {};  // as its rule calls it: "eligibility", "A"
    int rows = 1;
    int columns = 1;
    // Which synapses there are, where its numbers are kept by rows; null: rows x columns of them.
    // Whoever drew them owns them.
    const SynapseRows* places = nullptr;
    // How many vectors are stored of one, of which the last is the slot's: those before it are on
    // their way along an axon, or drawn for the executions to come.
    int line = 1;
    bool kept = false;           // its value lives on from step to step; at first it is `init`
    bool is_on_its_way = false;  // a tag of changes that are to reach the strengths
    Initializer init = {};
    Where where = {};  // of the synapse set, population or key that it belongs to
};

// What a set keeps at its synapses where `connect` leaves some out: 1 where one exists, else 0.
inline constexpr std::string_view connected_name = "connected";

// Whether two slots are the same thing, whatever their names and sizes.
bool is_same(const Slot& a, const Slot& b);

// Numbers of the trial's clock, by their addresses, beside those of windows.
namespace clock_name {

inline constexpr std::string_view begins = "trial.begins", ends = "trial.ends",
                                  batch_ends = "batch.ends", counts = "trial.counts",
                                  window = "window.";
// What is measured of each trial.
inline constexpr std::string_view number = "trial.number", first_step = "trial.first_step",
                                  steps = "trial.steps", type = "trial.type", loss = "trial.loss";

}  // namespace clock_name

// Something that can be recorded: an address, its place in a run file, and the slot that holds it
// in each phase.
struct Quantity {
    std::string address = {};    // "hidden.r"
    std::string path = {};       // "/state/hidden/rate"
    std::string units = "1";     // dimensionless, as all quantities of the paper are
    std::string long_name = {};  // "firing rate of hidden"
    std::string symbol = {};     // "r"
    What what = What::of_rule;
    Shape shape = Shape::scalar;
    int rows = 1;
    int columns = 1;
    const SynapseRows* places = nullptr;  // as of its slots
    // One slot a phase, sampled at that phase's end (unset: zero, cells that do not fire then);
    // or a single slot, sampled once a step after its last phase.
    std::vector<SlotId> slots = {};
    bool by_phase = false;
};

// Noise that is read from an HDF5 dataset, one row a step, in place of being drawn.
struct Replay {
    std::string path = {};  // relative to the model file
    std::string dataset = {};
    int column = 0;   // of the first entry
    int columns = 0;  // of the dataset; 0: as many as there are entries
    Where where = {};
};

// All operations of one experiment in the order of their execution.
struct Program {
    std::vector<Slot> slots;
    std::vector<Operation> operations;
    std::vector<Quantity> quantities;
    std::vector<Replay> replays;
    std::vector<std::string> phase_names;
    // By phase, of those that a group carries out in turn: the first of them, and how often. Empty
    // when there is no group.
    struct Turns {
        PhaseId first = {};
        int count = 1;
    };
    std::vector<Turns> turns = {};

    // The phase, or the first one of its group. What is iterated of phases of which it is the same
    // goes round together.
    PhaseId loop_of(PhaseId phase) const {
        return phase && !turns.empty() ? turns[phase.value].first : phase;
    }
    bool is_in_group(PhaseId phase) const {
        return phase && !turns.empty() && turns[phase.value].count > 1;
    }

    const Slot& operator[](SlotId id) const { return slots[id.value]; }

    // The first slot of which `is` holds; unset when there is none, as all of these are.
    template <class Is>
    SlotId first(Is is) const {
        for (std::size_t i = 0; i < slots.size(); ++i) {
            if (is(slots[i])) return SlotId(i);
        }
        return {};
    }
    // Finds a slot by an address that a user or a file spells.
    SlotId find(std::string_view name) const;
    // Slots by what they are.
    SlotId rate_of(PopulationId cells) const;  // that the soma holds
    SlotId voltage_of(CompartmentId compartment) const;
    SlotId slope_of(CompartmentId compartment) const;
    SlotId strength_of(SynapseSetId set) const;
    SlotId tag_of(SynapseSetId set, std::string_view quantity) const;
    SlotId previous_of(SlotId slot) const;
    SlotId before_of(SlotId slot) const;
    SlotId at_end_of(SlotId slot, PhaseId phase) const;
    SlotId at_rest_of(SlotId slot) const;
    SlotId axon_of(SlotId slot, int steps) const;
    SlotId clock_of(std::string_view quantity) const;  // "window.NAME", "trial.begins"
    SlotId history_of(SlotId slot, const RuleQuantity& name) const;
    SlotId of_rule(const RuleQuantity& name) const;
    SlotId loss() const;                          // unset when the circuit has none
    SlotId judged(const Circuit& circuit) const;  // the vector that [loss] is of
    SlotId signal(const Signal& signal) const;
};

// Whether the experimenter holds a gate that a timetable moves.
bool holds_gate_of_timetable(const Program& program, const Operation& op);
// Whether the experimenter lesions synapses where a phase begins.
bool lesions_before(const Program& program, const Operation& op);

// "forward"; of an unset phase "step's end".
std::string_view phase_name(const Program& program, PhaseId phase);

// One line: number, phase, verb, operands, who asked. `index` is into `program.operations`.
std::string listing_line(const Program& program, std::size_t index);

// All lines, with a header.
std::string listing(const Program& program);

}  // namespace apical

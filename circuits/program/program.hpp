#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/operation.hpp"

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

// Named storage. It says where its numbers live, never what they mean: whether it is a rate or a
// voltage follows from the operations that write it.
struct Slot {
    std::string name = {};  // its address: "hidden.soma.v", "previous(hidden.r)", "W_rec"
    Shape shape = Shape::scalar;
    PopulationId cells = {};     // home cells, the rows; unset for a scalar
    PopulationId pre = {};       // presynaptic cells, the columns, of a matrix
    SynapseSetId synapses = {};  // whose strengths or tags the entries are
    int rows = 1;
    int columns = 1;
    bool kept = false;          // its value lives on from step to step; at first it is `init`
    bool measured = false;      // by who watches the run: no operation has it, and it may be NaN
    bool intermediate = false;  // of what performs a program; it is not looked at
    Initializer init = {};
    Where where = {};  // of the synapse set, population or key that it belongs to
};

// Something that can be recorded: an address, its place in a run file, and the slot that holds it
// in each phase.
struct Quantity {
    std::string address = {};    // "hidden.r"
    std::string path = {};       // "/state/hidden/rate"
    std::string units = "1";     // dimensionless, as all quantities of the paper are
    std::string long_name = {};  // "firing rate of hidden"
    std::string symbol = {};     // "r"
    Shape shape = Shape::scalar;
    int rows = 1;
    int columns = 1;
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

    const Slot& operator[](SlotId id) const { return slots[id.value]; }
    SlotId find(std::string_view name) const;  // unset when there is none
};

// "forward"; of an unset phase "step's end".
std::string_view phase_name(const Program& program, PhaseId phase);

// One line: number, phase, verb, operands, who asked. `index` is into `program.operations`.
std::string listing_line(const Program& program, std::size_t index);

// All lines, with a header.
std::string listing(const Program& program);

}  // namespace apical

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

struct Circuit;
struct Model;
struct Program;
class Starts;

// The criteria for a learning circuit: the list of Marschall, Cho & Savin (2019), "Plausibility
// criteria for recurrent learning", each item in the parts that can be seen in operations; then
// criteria beyond that list, which decide nothing.
enum class Criterion : std::uint8_t {
    online,                 // text before Eq. (2): nothing older than a step is needed
    vectors_in_cells,       // i
    matrices_in_synapses,   // ii
    local_plasticity,       // ii
    continuous_plasticity,  // ii
    rates_transmitted,      // iii
    one_rate_a_phase,       // iii
    gates_obeyed,           // iii
    no_matrix_product,      // iv
    independent_noise,      // v
    no_copy_of_network,     // vi

    both_ways,             // a synapse that carries signals along and against its direction
    mirrored_weights,      // a way back with the strengths of the way there
    frozen_copy,           // strengths taken over from other synapses
    held_vector,           // a vector kept until it is used
    linear_cells,          // cells that fire rates of both signs
    softmax,               // a rate that depends on all cells of the population
    broadcast_number,      // one number for all synapses
    gathered_synapses,     // a number of a cell summed up over its own synapses
    presynaptic_variable,  // a presynaptic factor that no axon carries
    replayed_noise,        // noise read from a file, whose independence cannot be seen
    unbounded_change,      // a step's change of a strength that nothing keeps small
    old_rate,              // a rate of several steps ago, handed on by a chain of cells
    dale,                  // cells with a sign that nothing keeps
    set_back,              // cells that begin a phase with what they were
    paired_cells,          // cells that wires join one to one
    gate_leaks,            // a path that may be open in a phase in which it is meant to be shut
    long_axon,             // an axon that takes more than a step
    second_channel,        // axons that carry two numbers
    winners,               // a rank among all cells of the population says who fires
};

struct CriterionTraits {
    Criterion criterion;
    std::string_view column;  // of the table: "online", "i", ... "vi"; empty beyond the paper
    std::string_view name;    // of one word, for programs
    std::string_view asked;   // a sentence
};

const CriterionTraits& traits(Criterion criterion);

// The columns of the table, in order.
inline constexpr std::string_view criterion_columns[] = {"online", "i", "ii", "iii",
                                                         "iv",     "v", "vi"};

// One violated criterion and what violates it.
struct Finding {
    Criterion criterion{};
    std::string subject = {};   // the quantity at fault: "J"
    std::string because = {};   // a sentence
    std::string mend = {};      // what would mend it
    std::size_t operation = 0;  // of the program: its listing line is the evidence
    std::size_t further = 0;    // how many more operations do the same
};

struct Audit {
    std::vector<Finding> findings;  // against the paper's criteria, in their order
    std::vector<Finding> beyond;    // what else a critic would ask
    // What the experimenter does, operations of the program; all else is judged without them.
    std::vector<std::size_t> interventions;
    bool passes() const { return findings.empty(); }
    bool meets(std::string_view column) const;  // one of criterion_columns
};

// Reads the operations of a model's program, where its slots live in the circuit, and the numbers
// that its synapse sets start with. What a quantity is (a rate, a voltage, ...) is inferred from
// the operations that write it; nobody declares it. A dataset that cannot be read says nothing.
Audit audit(const Model& model);
Audit audit(const Program& program, const Circuit& circuit, const Starts& starts);

}  // namespace apical

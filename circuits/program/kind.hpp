#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace apical {

class Operands;
struct Operation;

// Everything that the simulator can do. No kind runs an arbitrary function: whoever reads the
// operations has read all that can happen. What is to be known of a kind, its operands first,
// stands in its file of circuits/kinds/; the kernels that perform it are in
// sim/engine/plan/operation_steps.cpp.
enum class Kind : std::uint8_t {
    inject,    // the task sets a population's rate
    noise,     // an independent draw for each cell, or one for all
    gate,      // an interneuron opens or closes a compartment
    transmit,  // v_i += sum_j S_ij x_j; reverse: v_j += sum_i S_ij x_i; one to one: v_i += gain x_i
    relax,     // v <- drive + (v - drive) exp(-ms / tau), or to where dendrites lead a soma
    fire,      // r <- (1 - alpha) r + alpha phi(sum of gated voltages)
    readout,   // softmax over a population
    cellwise,  // y_i = f(a_i, b_i) inside one cell
    modulate,  // one number for all cells and synapses
    hebb,      // S_ij <- retain S_ij + gain post_i pre_j
    consolidate,  // S_ij <- S_ij + gain post_i tag_ij
    synaptic,     // S_ij <- a formula of the synapse's numbers, its two cells' and those for all
    gather,       // y_i = sum_j S_ij, over the cell's own synapses
    assign,       // overwrites or scales at once, by a copy, the exact Jacobian, a diagonal or zero
    multiply,     // a matrix times a vector or a matrix, by no synapses
    contract,     // M_kij <- sum_l J_kl M_lij + ..., or sum_k c_k M_kij
    recall,       // a value of several steps ago
    reset,        // at a phase's beginning: what a value was at rest, or at the end of a phase
    remember,     // keeps last step's value, or the last steps' values, in the same cell
    conduct,      // an axon hands on what the cell fired: one place of its line in each step
    intervene,    // the experimenter changes a value; no part of the circuit
    backpropagate,  // the loss's derivative by strengths, from the circuit's past run backwards
};

// ---- what the audit (sim/audit/) asks of a kind

// What a slot becomes by being written.
enum class Carrier : std::uint8_t {
    rate,
    voltage,
    intracellular,
    synaptic,
    interneuron,
    modulator,
    none,
    as_source
};

// What one entry of the result knows of, by criteria i and ii.
enum class Locality : std::uint8_t {
    given,        // nothing of the circuit: it comes from outside
    own_cell,     // its cell
    own_place,    // its cell in a vector, its synapse in a matrix
    own_synapse,  // its synapse and that one's two cells
    other_cells,  // cells that it is not in
    everywhere    // it is one number for all
};

// What brings the numbers of several cells together in one, by criterion iii.
enum class Gathers : std::uint8_t {
    nothing,
    synapses,      // a matrix times a vector, or one to one without a matrix
    matrix,        // a matrix times a vector or a matrix, without synapses
    own_synapses,  // a sum over the synapses that end on the cell, of what they have
    interneuron,   // one gate of all cells
    population,    // a normalisation over a population
    sum            // over all entries, where the function is `inner`
};

// How entries of a matrix change, by criterion ii.
enum class MatrixChange : std::uint8_t {
    rank_one,     // keeps `retain` of it, adds gain post_i pre_j; operands as of `hebb`
    by_tag,       // adds gain post_i tag_ij; operands as of `consolidate`
    formula,      // is what the operation's formula makes of it; operands as of `synaptic`
    overwritten,  // jumps to other numbers, whatever it was
    product,      // depends on a whole column of another matrix
    none          // is nothing that the kind is made for
};

// When the result is as old as an operand, by the criterion "online".
enum class HandsOn : std::uint8_t {
    nothing,        // it is new, or at synapses
    value,          // always, but for a history
    little_kept,    // when it keeps little of its own last value
    transmitted,    // one to one, or to cells that nothing else drives
    vector,         // when it is a vector, and no formula keeps some of its own last value
    between_cells,  // when what cells hand on to each other counts
    tag,            // what is at the same synapse, when it keeps little of its own last value
    past            // `lag` steps older, when it is read
};

// How large the result is (sim/audit/sizes.hpp).
enum class SizeRule : std::uint8_t {
    input,          // at most 1
    share,          // from 0 to 1
    drawn,          // some standard deviations
    same,           // as operand 1
    led,            // as the largest of the voltages that it is led to
    transmitted,    // through strengths
    fired,          // through an activation
    by_function,    // as the operation's function says
    change,         // of a tag, summed up as long as it is kept
    product,        // of matrices
    past,           // as what is gone back to
    over_synapses,  // as operand 1, summed over a cell's synapses
    unbounded       // nothing is known
};

// Which operands a matrix and the vector that it is multiplied by are, of an operation of three;
// 0 and 0: the kind does not multiply.
struct MatrixAndVector {
    std::size_t matrix, vector;
};

// No operation of the kind, and each of them.
constexpr bool never(const Operation&) { return false; }
constexpr bool always(const Operation&) { return true; }

// All facts of a kind, none of which has a default: a kind that lacks one does not compile.
struct KindTraits {
    Kind kind;
    std::string_view verb;
    std::string_view biology;  // "none: ..." of what no circuit can do

    // Whether operands fit in number, shape and size.
    bool (*fits)(const Operands&);
    // What the listing says: "W += -0.001 t x x.r". The operands fit.
    std::string (*equation)(const Operands&);

    Carrier writes, writes_vector;  // differ where a vector is another thing than a matrix
    Locality locality;
    Gathers gathers;
    MatrixAndVector product;
    MatrixChange change;
    // Whether an entry of the result takes as many products as there are cells.
    bool (*multiplies_matrices)(const Operation&);
    // Whether it has kernels for matrices of one set that are stored row by row.
    bool (*goes_by_rows)(const Operation&);
    HandsOn hands_on;
    SizeRule size;
};

// Traits of all kinds, each in a file of circuits/kinds/.
extern const KindTraits inject_traits, noise_traits, gate_traits, transmit_traits, relax_traits,
    fire_traits, readout_traits, cellwise_traits, modulate_traits, hebb_traits, consolidate_traits,
    synaptic_traits, gather_traits, assign_traits, multiply_traits, contract_traits, recall_traits,
    reset_traits, remember_traits, conduct_traits, intervene_traits, backpropagate_traits;

// What is found of a kind. (Whether an address is null is no constant under a sanitizer.)
struct FoundTraits {
    const KindTraits* traits;
    bool is_kind = true;
};

constexpr FoundTraits find_traits(Kind kind) {
    switch (kind) {
        case Kind::inject:
            return {&inject_traits};
        case Kind::noise:
            return {&noise_traits};
        case Kind::gate:
            return {&gate_traits};
        case Kind::transmit:
            return {&transmit_traits};
        case Kind::relax:
            return {&relax_traits};
        case Kind::fire:
            return {&fire_traits};
        case Kind::readout:
            return {&readout_traits};
        case Kind::cellwise:
            return {&cellwise_traits};
        case Kind::modulate:
            return {&modulate_traits};
        case Kind::hebb:
            return {&hebb_traits};
        case Kind::consolidate:
            return {&consolidate_traits};
        case Kind::synaptic:
            return {&synaptic_traits};
        case Kind::gather:
            return {&gather_traits};
        case Kind::assign:
            return {&assign_traits};
        case Kind::multiply:
            return {&multiply_traits};
        case Kind::contract:
            return {&contract_traits};
        case Kind::recall:
            return {&recall_traits};
        case Kind::reset:
            return {&reset_traits};
        case Kind::remember:
            return {&remember_traits};
        case Kind::conduct:
            return {&conduct_traits};
        case Kind::intervene:
            return {&intervene_traits};
        case Kind::backpropagate:
            return {&backpropagate_traits};
    }
    return {nullptr, false};
}

constexpr const KindTraits& traits(Kind kind) { return *find_traits(kind).traits; }

consteval std::size_t count_kinds() {
    std::size_t count = 0;
    while (find_traits(static_cast<Kind>(count)).is_kind) ++count;
    return count;
}
inline constexpr std::size_t kind_count = count_kinds();

}  // namespace apical

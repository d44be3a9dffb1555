#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/anatomy/circuit.hpp"

namespace apical {

// Everything that the simulator can do. No kind runs an arbitrary function: whoever reads the
// operations has read all that can happen.
enum class Kind : std::uint8_t {
    inject,    // the task sets a population's rate
    noise,     // an independent draw for each cell, or one for all
    gate,      // an interneuron opens or closes a compartment
    transmit,  // v_i += sum_j S_ij x_j; reverse: v_j += sum_i S_ij x_i; one to one: v_i += gain x_i
    relax,     // v <- drive + (v - drive) exp(-ms / tau)
    fire,      // r <- (1 - alpha) r + alpha phi(sum of gated voltages)
    readout,   // softmax over a population
    cellwise,  // y_i = f(a_i, b_i) inside one cell
    modulate,  // one number for all cells and synapses
    hebb,      // S_ij <- retain S_ij + gain post_i pre_j
    consolidate,  // S_ij <- S_ij + gain post_i tag_ij
    assign,       // overwrites or scales at once, by a copy, the exact Jacobian, a diagonal or zero
    multiply,     // a matrix times a vector or a matrix, by no synapses
    contract,     // M_kij <- sum_l J_kl M_lij + ..., or sum_k c_k M_kij
    recall,       // a value of several steps ago
    remember,     // keeps last step's value, or the last steps' values, in the same cell
};
inline constexpr std::size_t kind_count = 16;

enum class Access : std::uint8_t {
    read,
    set,        // written whole
    increment,  // added to
    update      // changed from its own last value
};

// What a slot becomes by being written by this kind.
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

struct KindTraits {
    Kind kind;
    std::string_view verb;
    Carrier writes;
    std::string_view biology;
};

inline constexpr std::array kind_traits = {
    KindTraits{Kind::inject, "inject", Carrier::rate, "input"},
    KindTraits{Kind::noise, "noise", Carrier::intracellular, "noise"},
    KindTraits{Kind::gate, "gate", Carrier::interneuron, "branch-specific inhibition"},
    KindTraits{Kind::transmit, "transmit", Carrier::voltage, "neural transmission"},
    KindTraits{Kind::relax, "relax", Carrier::voltage, "membrane time constant"},
    KindTraits{Kind::fire, "fire", Carrier::rate, "firing rate"},
    KindTraits{Kind::readout, "readout", Carrier::rate, "none: softmax normalises across cells"},
    KindTraits{Kind::cellwise, "cellwise", Carrier::intracellular, "intracellular"},
    KindTraits{Kind::modulate, "modulate", Carrier::modulator, "neuromodulator"},
    KindTraits{Kind::hebb, "hebb", Carrier::synaptic, "local plasticity, or a tag"},
    KindTraits{Kind::consolidate, "consolidate", Carrier::synaptic, "three-factor plasticity"},
    KindTraits{Kind::assign, "assign", Carrier::none,
               "none: no synapse jumps to another's strength"},
    KindTraits{Kind::multiply, "multiply", Carrier::none,
               "none: nothing transmits through a matrix that is no synapse set"},
    KindTraits{Kind::contract, "contract", Carrier::none, "none: no cell holds a tensor"},
    KindTraits{Kind::recall, "recall", Carrier::none,
               "none: no cell replays what it was several steps ago"},
    KindTraits{Kind::remember, "remember", Carrier::as_source, "intracellular trace"},
};
static_assert(kind_traits.size() == kind_count);

constexpr const KindTraits& traits(Kind kind) {
    return kind_traits[static_cast<std::size_t>(kind)];
}

constexpr bool kind_traits_are_in_order() {
    for (std::size_t i = 0; i < kind_count; ++i) {
        if (kind_traits[i].kind != static_cast<Kind>(i)) return false;
    }
    return true;
}
static_assert(kind_traits_are_in_order(),
              "every kind has its row, in the order of the enumeration");

// What tells operations of one kind apart.
enum class Function : std::uint8_t {
    none,
    slope,       // cellwise: phi'(a), phi of the cells' population
    product,     // cellwise: gain a b; modulate: a b
    sum,         // cellwise: retain a + gain b, or s retain a + t gain b with numbers s, t
    difference,  // cellwise: a - b
    complement,  // cellwise: 1 - a; rectified: max(0, 1 - a)
    jacobian,    // assign: (1 - alpha) I + alpha diag(phi') S
    diagonal,    // assign: s B + t diag(a)
    zero,        // assign: 0
    sign,        // noise: -1 or 1, with equal probability
    normal,      // noise: N(0, gain^2)
    inner,       // modulate: sum over all entries of a b
    quotient,    // modulate: a / b
    balance,     // modulate: (a / b)^(1/4); 1 when a or b is 0
    constant,    // modulate: gain
    credit,      // contract: sum_k c_k M_kij
    history,     // remember: the last steps' values, the newest first
};

// Who asks for an operation: what a cell does by itself comes before what rules make of it.
enum class Asker : std::uint8_t { circuit, rule };

struct Operand {
    SlotId slot = {};
    Access access = Access::read;
};

// Operands, in order, by kind:
//   inject      rate (set)
//   noise       value (set)
//   gate        gate (set to `gain`)
//   transmit    voltage (set by the phase's first into it, else increment), rate, strength;
//               one to one: without strength
//   relax       voltage (update by `retain` towards the drive), drive
//   fire        rate (update when alpha < 1, else set), then voltage, or voltage and gate, for each
//               compartment; `gated[k]` tells which
//   readout     rate (set), voltage
//   cellwise    result (set, or update when it is a or b too), a, or a and b; of a sum also the
//               numbers s and t
//   modulate    number (set; inner: set or increment), a, or a and b; constant: none
//   hebb        strength or tag (update; set when `retain` is 0), post, pre; then the number, or
//   the cells' numbers, that
//               `retain` is multiplied by, then the number that `gain` is multiplied by
//   consolidate strength (increment), post or a number, tag; or only tag
//   assign      matrix or vector (set), source; jacobian: matrix (set), strength, slope;
//               diagonal: matrix (update), a, s, t; zero: alone
//   multiply    result (set or increment), matrix, vector; reverse: the matrix's transpose;
//               or matrix or vector (update), the matrix that it is multiplied by from the left
//   contract    tensor (update), Jacobian, slope, pre; credit: matrix (set), tensor, credit
//   recall      value (set), history, `lag` steps back; or history (increment), value
//   remember    previous value (set), value; history: history (update), value
struct Operation {
    Kind kind{};
    PhaseId phase = {};  // unset: at the step's end, after the last phase
    Function function = Function::none;
    Activation activation = Activation::linear;  // phi of `fire`, `slope` and `complement`
    bool reverse = false;
    std::vector<Operand> operands = {};
    std::vector<bool> gated = {};  // of `fire`
    double retain = 1.0;
    double gain = 1.0;
    int every = 1;              // steps between two executions; 0: when somebody looks
    int lag = 0;                // of `recall`
    int replay = -1;            // of `noise`: which of the program's replays; -1: drawn
    Where where = {};           // of whoever asked
    std::string asked_by = {};  // "synapses.W_rec", "plasticity.recurrent (dendritic)"
    Asker asker = Asker::circuit;
};

}  // namespace apical

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/circuit.hpp"

namespace apical {

// Everything that the simulator can do. No kind runs an arbitrary function: whoever reads the
// operations has read all that can happen.
enum class Kind : std::uint8_t {
    inject,    // the task sets a population's rate
    gate,      // an interneuron opens or closes a compartment
    transmit,  // v_i += sum_j S_ij x_j; reverse: v_j += sum_i S_ij x_i; one to one: v_i += gain x_i
    relax,     // v <- drive + (v - drive) exp(-ms / tau)
    fire,      // r <- (1 - alpha) r + alpha phi(sum of gated voltages)
    readout,   // softmax over a population
    cellwise,  // y_i = f(a_i, b_i) inside one cell
    hebb,      // S_ij <- retain S_ij + gain post_i pre_j
    consolidate,  // S_ij <- S_ij + gain post_i tag_ij
    assign,       // overwrites a matrix, by a copy or the exact Jacobian: no synapse can do this
    remember,     // keeps last step's value in the same cell
};
inline constexpr std::size_t kind_count = 11;

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
    KindTraits{Kind::gate, "gate", Carrier::interneuron, "branch-specific inhibition"},
    KindTraits{Kind::transmit, "transmit", Carrier::voltage, "neural transmission"},
    KindTraits{Kind::relax, "relax", Carrier::voltage, "membrane time constant"},
    KindTraits{Kind::fire, "fire", Carrier::rate, "firing rate"},
    KindTraits{Kind::readout, "readout", Carrier::rate, "none: softmax normalises across cells"},
    KindTraits{Kind::cellwise, "cellwise", Carrier::intracellular, "intracellular"},
    KindTraits{Kind::hebb, "hebb", Carrier::synaptic, "local plasticity, or a tag"},
    KindTraits{Kind::consolidate, "consolidate", Carrier::synaptic, "three-factor plasticity"},
    KindTraits{Kind::assign, "assign", Carrier::none,
               "none: no synapse jumps to another's strength"},
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

// The function of a `cellwise` operation.
enum class Function : std::uint8_t {
    none,
    slope,       // phi'(a), phi of the cells' population
    product,     // a b
    sum,         // a + b
    difference,  // a - b
    jacobian,    // (1 - alpha) I + alpha diag(phi') S; of `assign`
};

struct Operand {
    SlotId slot = {};
    Access access = Access::read;
};

// Operands, in order, by kind:
//   inject      rate (set)
//   gate        gate (set to `gain`)
//   transmit    voltage (set by the phase's first into it, else increment), rate, strength;
//               one to one: without strength
//   relax       voltage (update by `retain` towards the drive), drive
//   fire        rate (update when alpha < 1, else set), then voltage, or voltage and gate, for each
//               compartment; `gated[k]` tells which
//   readout     rate (set), voltage
//   cellwise    result (set), a, or a and b
//   hebb        strength or tag (update), post, pre
//   consolidate strength (increment), post, tag
//   assign      strength (set), strength; jacobian: strength (set), strength, slope
//   remember    previous value (set), value
struct Operation {
    Kind kind{};
    PhaseId phase = {};  // unset: at the step's end, after the last phase
    Function function = Function::none;
    Activation activation = Activation::linear;  // phi of `fire` and `slope`
    bool reverse = false;
    std::vector<Operand> operands = {};
    std::vector<bool> gated = {};  // of `fire`
    double retain = 1.0;
    double gain = 1.0;
    int every = 1;              // steps between two executions
    Where where = {};           // of whoever asked
    std::string asked_by = {};  // "synapses.W_rec", "plasticity.recurrent (dendritic)"
};

}  // namespace apical

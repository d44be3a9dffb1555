#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/formula.hpp"
#include "circuits/program/kind.hpp"

namespace apical {

enum class Access : std::uint8_t {
    read,
    set,        // written whole
    increment,  // added to
    update      // changed from its own last value
};

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
    formula,     // cellwise, modulate: what the formula says, of one cell or one for all
};

// The asker of an operation. In a phase the circuit's operations come before those of rules. What
// keeps strengths within their bounds stands behind the last of the rules' changes, and what scales
// all that a cell receives behind that.
enum class Asker : std::uint8_t { circuit, rule, bounds, scaling };
// Whether the operation keeps strengths as the circuit says, whatever rules ask for.
constexpr bool keeps_strengths(Asker asker) {
    return asker == Asker::bounds || asker == Asker::scaling;
}

struct Operand {
    SlotId slot = {};
    Access access = Access::read;
};

// Which operands a kind has, in order, its file in circuits/kinds/ says; the first is the
// one that is written.
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
    int every = 1;               // steps between two executions; 0: when somebody looks
    int first = -1, last = -1;   // of each so many, counted from 0; -1: the last
    int iterations = 1;          // executions in a step, each with all that its phase iterates
    int lag = 0;                 // of `recall`
    Formula formula = {};        // of the function `formula`, and of the kind `synaptic`; of `fire`
                                 // an activation that is written, of x in place 0
    int replay = -1;             // of `noise`: which of the program's replays; -1: drawn
    Where where = {};            // of whoever asked
    std::string asked_by = {};   // "synapses.W_rec", "plasticity.recurrent (dendritic)"
    std::string statement = {};  // of equations that asked: `line 4: "w += rate * post.r * pre.r"`
    Asker asker = Asker::circuit;
};

// The steps in which it takes place, of one that does not wait for somebody who looks.
constexpr PeriodicSteps steps_of(const Operation& op) {
    const int end = op.every - 1;
    return {op.every, op.first < 0 ? end : op.first, op.last < 0 ? end : op.last};
}

}  // namespace apical

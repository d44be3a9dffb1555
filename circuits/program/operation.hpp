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
    sum,         // cellwise: retain a + gain b, or s retain a + t gain b with numbers s, t; relax:
                 // retain v + gain drive
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
    exact,       // relax: by conductances, the solution while all stays as it is
    euler,       // relax: by conductances, Euler's step
    steady,      // relax: by conductances, at once
    delay,       // gate: a draw, when in the phase it moves
    late,        // gate: its mean over a phase in which it moves late, or slowly
    moved,       // gate: what it is at the end of such a phase, or what it goes on to
    threshold,   // gate, one for each cell: 1 while the inhibition x is weak, else closed
    graded,      // gate: closed + (1 - closed) clip(1 - x / scale, 0, 1)
    divide,      // gate: closed + (1 - closed) / (1 + max(x, 0) / scale)
    linear,      // gate: max(0, -x), a conductance
    uniform,     // noise: U(-gain, gain)
    sparse,      // noise: U(-gain, gain) with the probability weights[0], else 0
    spike,       // fire: 1 where the voltage reaches the threshold and the cell does not wait;
                 // inject: 0 or 1, as the task's input makes the cells fire
    burst,       // fire: p r, the share of a rate that comes in bursts
    winners,     // readout: of the rates that are not 0 the weights[0] with the largest a stay
    cable,       // relax: by conductances of a tree, the solution while all stays as it is
};

// Whether an operation `relax` is by conductances.
constexpr bool is_coupling(Function function) {
    return function == Function::exact || function == Function::euler ||
           function == Function::steady || function == Function::cable;
}

// The asker of an operation. In a phase the circuit's operations come before those of rules. What
// keeps strengths within their bounds stands behind the last of the rules' changes, and what scales
// all that a cell receives behind that. What the experimenter does to a rule's numbers stands among
// the rule's operations.
enum class Asker : std::uint8_t { circuit, rule, bounds, scaling, experimenter };
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
    std::vector<bool> gated = {};  // of `fire`, and of `relax` by conductances
    // `winners` has how many there are. A `relax` by conductances has, per ms, the leak, then one
    // for each voltage, of the function `cable` what is left of each potential; a `gate` what
    // circuits/program/gate_formula.hpp says.
    std::vector<double> weights = {};
    double ms = 0.0;  // of `relax` by conductances or by each cell's own time constant: how long
    double retain = 1.0;
    double gain = 1.0;
    int every = 1;               // steps between two executions; 0: when somebody looks
    int first = -1, last = -1;   // of each so many, counted from 0; -1: the last
    int iterations = 1;          // executions in a step, each with all that its phase iterates
    int lag = 0;                 // of `recall` and `conduct`; of `backpropagate` -1: all of a trial
    int hold = 1;                // of `noise`: steps between two draws
    int first_cell = -1;         // of a `transmit` one to one from a part of cells; -1: from all
    bool stays_between = false;  // of `euler`: a step beyond where it is led is no number
    Formula formula = {};        // of the function `formula`, and of the kind `synaptic`; of `fire`
                                 // an activation that is written, of x in place 0
    int replay = -1;             // of `noise`: which of the program's replays; -1: drawn
    Where where = {};            // of whoever asked
    std::string asked_by = {};   // "synapses.W_rec", "plasticity.recurrent (dendritic)"
    std::string statement = {};  // of equations that asked: `line 4: "w += rate * post.r * pre.r"`
    Asker asker = Asker::circuit;
    // Set: it takes place only while this number of an event is 1, or 0.
    SlotId event = {};
    bool while_on = false;
    // It takes place only while each of these numbers of the trial is 1.
    std::vector<SlotId> windows = {};
};

// Whether it is left out of some steps, by an event or outside windows of a trial.
inline bool waits(const Operation& op) { return op.event || !op.windows.empty(); }

// Whether cells make the gate that it writes; else a timetable does, at a phase's beginning.
constexpr bool is_gate_of_cells(const Operation& op) {
    return op.kind == Kind::gate &&
           (op.function == Function::threshold || op.function == Function::graded ||
            op.function == Function::divide || op.function == Function::linear);
}
constexpr bool is_gate_of_timetable(const Operation& op) {
    return op.kind == Kind::gate && !is_gate_of_cells(op);
}

// Whether nothing that the program's kernels do makes the value, but who runs it: a task's, a draw,
// or what its past run backwards gives.
constexpr bool is_from_outside(const Operation& op) {
    return op.kind == Kind::inject || op.kind == Kind::noise || op.kind == Kind::backpropagate ||
           (op.kind == Kind::gate && op.function == Function::delay);
}

// The steps in which it takes place, of one that does not wait for somebody who looks.
constexpr PeriodicSteps steps_of(const Operation& op) {
    const int end = op.every - 1;
    return {op.every, op.first < 0 ? end : op.first, op.last < 0 ? end : op.last};
}

}  // namespace apical

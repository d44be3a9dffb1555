#pragma once

#include <string>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/formula.hpp"

namespace apical {

// The number of a gate in a phase, which stands before a compartment's voltage where cells fire, is
// its mean over the phase, since a rate is a mean: a gate that opens 2 ms late in 4 ms counts 0.5.
// Here are these means, and what the gate is at the phase's end, in closed form.

// A gate's phase: T ms, at whose beginning, or `delay` ms later, it goes over to `aim`.
struct GateMove {
    double aim = 0.0;      // 1 when the phase opens it, else what is left of the path
    double ms = 0.0;       // T
    double tau_ms = 0.0;   // 0: it is there at once
    bool is_exact = true;  // no delay, no failure
};

// The formulas of a timetable's gate over the places of operands, which are, each if the formula
// reads it: 1 what the gate was when the phase began ("now"), then the delay, T where it does not
// move, then what it goes on to until it moves, of one that does both slowly and late.
struct GateMoveFormulas {
    Formula mean;  // over the phase
    Formula now;   // at its end
    Formula aim;   // what it goes on to then; empty unless it is slow and late
};
GateMoveFormulas formulas_of(const GateMove& move);

// What the inhibition x makes of a gate: place 1 is what arrives, -x, and place 2, of a slow one,
// what the gate was at the beginning of this iteration, ms ago.
//   threshold: 1 where x < scale, else closed
//   graded:    closed + (1 - closed) clip(1 - x / scale, 0, 1)
//   divide:    closed + (1 - closed) / (1 + max(x, 0) / scale)
//   linear:    max(0, -x)
struct GateOfCellsFormulas {
    Formula mean, now;  // over the iteration, at its end; `now` is empty unless tau_ms is above 0
};
GateOfCellsFormulas formulas_of(const Gate& gate, double ms);

}  // namespace apical

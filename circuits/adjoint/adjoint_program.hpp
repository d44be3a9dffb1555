#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "circuits/adjoint/dynamics.hpp"

namespace apical {

// The part of a phase that operations belong to, as a plan has it (sim/engine/plan/plan.hpp).
enum class PhasePart : std::uint8_t {
    begin,        // gates move and cells are set back
    begin_again,  // gates move before a later turn of a group of phases
    iterated,
    behind,  // what is carried out once
    end      // of the step, of no phase
};

// What the derivatives of a part need of its forward pass: copied behind the part, from the forward
// program's slot, and back into the backward program's.
struct TapeEntry {
    SlotId from, to;
};

// A part of a phase and the phase of the backward program that goes back through it.
struct AdjointSegment {
    PhaseId phase;
    PhasePart part = PhasePart::end;
    std::vector<TapeEntry> tape = {};
};

// What a step carries out in turn: a part, or the taking of the loss.
struct Moment {
    std::size_t segment = 0;
    PhaseId loss = {};  // set: here the loss is taken, if the step's is of this phase
};

struct SetGradient {
    SlotId strength;  // of the program
    SlotId used;      // of the backward program: the strengths that the step was computed with
    SlotId gradient;  // likewise: dL/dS, a sum over the steps that were gone back through
};

// dL/d(slot) as it is before the operation that writes the slot last in a step is gone back
// through: what the slot's number of this step does to this loss and those to come.
struct Tap {
    SlotId of, adjoint;
};

struct AdjointOptions {
    std::vector<std::string> fast = {};  // paths of tables whose changes are dynamics
    std::vector<SlotId> taps = {};       // slots of the program
    bool through_reset = false;          // of spikes: also what a spike takes off its voltage
    // Spikes are what their surrogate is the derivative of: the forward pass is another one then.
    bool smooth_spikes = false;
};

// The program run backwards, in the vocabulary that it is written in: each operation that the loss
// depends on is gone back through by operations on dL/d(slot), which are transmissions against
// their direction, outer products, and formulas that symbolic derivatives make.
//
//   forward   the operations of the dynamics alone, with the program's slots by their ids (those
//             that it does not need are single numbers), and behind them slots that hold what is
//             overwritten before its part ends
//   backward  a phase for each part; a step's parts are gone through from the last to the first,
//             each after its row of the tape is in place, and before the part that ends with the
//             loss, dL/d(judged) is added to `error`
struct AdjointProgram {
    LossOfProgram loss;
    Dynamics dynamics;
    Program forward, backward;
    std::vector<AdjointSegment> segments;  // by phase of `backward`
    std::vector<Moment> moments;           // of a step, in the order in which they are carried out
    std::vector<SetGradient> sets;
    std::vector<SlotId> adjoint_of;  // by slot of the program; unset where there is none
    std::vector<Tap> taps;
    std::vector<SlotId> ones;        // slots of `backward` that hold ones all along
    std::vector<SlotId> identities;  // and such that hold the identity
    // By operation of `backward`, whether it does nothing but add to a set's gradient.
    std::vector<bool> only_gradients;
    bool has_spikes = false;  // so that it is the derivative of a surrogate
};

}  // namespace apical

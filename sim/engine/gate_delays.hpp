#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/program.hpp"
#include "sim/engine/state.hpp"
#include "sim/numbers/run_streams.hpp"

namespace apical {

// A gate that may move late in a phase, or not at all.
struct LateMove {
    GateId gate;
    SlotId delay;          // when it moves, in ms; the phase's length when it does not
    SlotId last_aim;       // what it moved to last
    double aim = 0.0;      // what it moves to in this phase
    std::int64_t end = 0;  // nanoseconds from the phase's beginning
    GateTiming timing;
    Stream stream;
    std::uint64_t phase = 0, phases = 1;
};

// When the gates of a program move: latency + jitter N(0, 1) from a phase's beginning, not before
// it, and not in the phase when that is later than its end, or by a failure. Draws are of the
// stream "gate/NAME", of the step and the phase alone, so that a resumed run makes the same.
class GateDelays {
public:
    GateDelays(const Program& program, const Circuit& circuit, const RunStreams& streams);

    bool any() const { return any_; }
    std::size_t count() const { return count_; }  // of moves in a step, at most
    std::span<const LateMove> of(std::size_t phase) const { return by_phase_[phase]; }

private:
    std::vector<std::vector<LateMove>> by_phase_;
    std::size_t count_ = 0;
    bool any_ = false;
};

// Draws the delay, writes it, and returns it in nanoseconds; -1 when the gate does not move, or is
// there already. Allocates nothing.
std::int64_t draw_delay(const LateMove& move, std::int64_t step, State& state);

}  // namespace apical

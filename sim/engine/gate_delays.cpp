#include "sim/engine/gate_delays.hpp"

#include <algorithm>
#include <cmath>

#include "circuits/program/gate_streams.hpp"

namespace apical {

namespace {

// The slot that a gate's move writes last: what it goes on to, or what it is.
SlotId last_written(const Program& program, GateId gate, PhaseId phase) {
    SlotId last;
    for (const Operation& op : program.operations) {
        const Slot& written = program[op.operands[0].slot];
        if (op.kind == Kind::gate && op.function == Function::moved && op.phase == phase &&
            written.gate == gate)
            last = op.operands[0].slot;
    }
    return last;
}

}  // namespace

GateDelays::GateDelays(const Program& program, const Circuit& circuit, const RunStreams& streams)
    : by_phase_(circuit.phases.size()) {
    for (const Operation& op : program.operations) {
        if (op.kind != Kind::gate || op.function != Function::delay) continue;
        const SlotId delay = op.operands[0].slot;
        const GateId id = program[delay].gate;
        const Gate& gate = circuit[id];
        const Phase& phase = circuit[op.phase];
        by_phase_[op.phase.value].push_back(
            {.gate = id,
             .delay = delay,
             .last_aim = last_written(program, id, op.phase),
             .aim = gate.open_in[op.phase.value] ? 1.0 : gate.closed,
             .end = phase.repeat * phase.nanoseconds,
             .timing = gate.timing,
             .stream = streams.of_steps(stream_of_gate(gate)),
             .phase = op.phase.value,
             .phases = circuit.phases.size()});
        ++count_;
        any_ = true;
    }
}

std::int64_t draw_delay(const LateMove& move, std::int64_t step, State& state) {
    const auto t = static_cast<std::uint64_t>(step);
    const auto& [latency, jitter, failure] = move.timing;
    double ms = latency;
    if (jitter > 0.0) ms += jitter * move.stream.normal(t, move.phase);
    const bool fails = failure > 0.0 && move.stream.uniform(t, move.phases + move.phase) < failure;
    const double nanoseconds = std::round(std::max(ms, 0.0) * nanoseconds_per_ms);
    const bool moves = !fails && nanoseconds < static_cast<double>(move.end);
    const std::int64_t delay = moves ? static_cast<std::int64_t>(nanoseconds) : move.end;
    *state.data(move.delay) = in_ms(delay);
    const bool is_there = *state.data(move.last_aim) == move.aim;
    return moves && !is_there ? delay : -1;
}

}  // namespace apical
